<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sign in · Northwind IT</title>
<link rel="icon" href="data:,">
<h1>Sign in to your portal</h1>
<?php if ($refused): ?>
<p role="alert">This email and password do not belong together.</p>
<?php endif ?>
<form method="post" action="/login">
<p><label>Email <input name="email" inputmode="email" autocomplete="username" required></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
<p><button>Sign in</button></p>
</form>
<p>A demo: <code>ann@example.com</code>, <code>demo-lantern-42</code></p>
