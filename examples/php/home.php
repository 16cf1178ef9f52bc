<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Home · Northwind IT</title>
<link rel="icon" href="data:,">
<h1>Good to see you</h1>
<p>You are signed in as <b id="email"><?= htmlspecialchars($email, ENT_QUOTES) ?></b>. If something is not right, write to us with the button in the corner.</p>
<form method="post" action="/logout"><button>Sign out</button></form>
<?php require $messenger ?>
