# Every word of the panel, in English: the language that the others are checked against.
# README.md tells how to add a text. Arguments are declared in a message's comment, with their type.

## The panel

support = Support
close = Close
back = Back to all requests
connecting = Connecting…
signing-in-again = Signing you in again… What you have typed stays here.
try-again = Try again
reconnecting = No connection. Trying to reconnect…
reconnect-now = Try now
loading = Loading…
# $email (String) - who is signed in
signed-in-as = Signed in as { $email }
signed-out-title = You are signed out
signed-out-text = Sign in again at the website to go on with your requests.
visitor-title = Please sign in
# $app (String) - whose support this is
visitor-text = To write to { $app }, sign in at the website that brought you here. Then open this window again.
unknown-app-title = Support is not available here
unknown-app-text = This page names a support desk that does not exist. Please tell the website’s operator.

## Requests

requests-title = Your requests
new-request = New request
new-request-title = How can we help?
new-request-hint = Describe your question or problem. You get the answer right here.
# On a request with messages that were not read.
unread = New
status-open = Open
status-closed = Closed

## Conversation

conversation = Conversation
composer-label = Your message
composer-placeholder = Write a message…
composer-disabled = You can send as soon as you are signed in again.
send = Send message
you = You
sending = Sending…
sent = Sent
not-sent = Not sent.
seen = Seen
new-messages = New messages
reopens = This request is closed. A new message opens it again.
# For screen readers.
# $app (String) - who wrote
# $body (String) - what was written
announcement = { $app }: { $body }
# $count (Number) - how many more may be typed
characters-remaining =
    { $count ->
        [one] { $count } character left
       *[other] { $count } characters left
    }
# $count (Number) - how many are too many
characters-too-many =
    { $count ->
        [one] { $count } character too many. Please shorten your message.
       *[other] { $count } characters too many. Please shorten your message.
    }
# $name (String) - who is typing
typing = { $name } is typing…
away = We are away at the moment. Leave a message and we will get back to you.

## What went wrong; a button “Try again” stands beside it

failure-network = We could not be reached. Check your connection.
failure-timeout = The answer took too long. Check your connection.
failure-unreadable = We got an answer that makes no sense. Please try again in a moment.
failure-rate-limited = That was a lot at once. Please wait a moment.
failure-session-ended = Your sign-in has ended.
failure-not-found = This request is no longer there.
failure-too-large = The message is too long.
failure-not-accepted = The message was not accepted.
failure-internal = Something went wrong on our side. Please try again in a moment.

## Signing in by email and code

signin-title = Sign in with your email
signin-email-label = Email address
signin-email-invalid = Please enter a valid email address.
signin-continue = Continue
signin-code-title = Enter the code
# $email (String) - where the code went
signin-code-sent = We sent a code to { $email }.
signin-code-label = 6-digit code
signin-code-wrong = That code is not right or has expired.
signin-send-again = Send again
# $seconds (Number) - how long to wait
signin-send-again-in = Send again in { $seconds } s
signin-other-address = Use another address
signin-text = We send you a code of six digits. No password needed.
signin-sending-code = Sending the code…
signin-submit = Sign in
signin-submitting = Signing in…
signin-sent-again = A new code is on its way. The earlier one no longer counts.
signin-code-malformed = The code has six digits. Please look at the mail again.
signin-signed-out = You are signed out.
signin-expired = Your sign-in has ended. Please sign in again: what you have typed is kept.
office-hours = Office hours:
sign-out = Sign out

## Files, sound

waits = Not sent yet. It goes out once you are online again.
attach = Attach files
drop-files = Drop files here
attached-files = Attached files
# $name (String) - the file
remove-file = Remove { $name }
# $name (String) - the file
uploading = Uploading { $name }
upload-failed = Not uploaded.
# $size (String) - with its unit
file-too-large = Too large. A file may have up to { $size }.
file-type = Files of this type cannot be attached.
file-empty = This file is empty.
# $count (Number) - how many at the most
files-too-many =
    { $count ->
        [one] A message may have one file.
       *[other] A message may have up to { $count } files.
    }
# $name (String) - the file
download = Download { $name }
sound-on = Turn on sound
sound-off = Turn off sound
