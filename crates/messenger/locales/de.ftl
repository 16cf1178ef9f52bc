## The panel

support = Support
close = Schließen
back = Zurück zu allen Anfragen
connecting = Verbindung wird hergestellt…
signing-in-again = Sie werden wieder angemeldet… Ihre Eingaben bleiben erhalten.
try-again = Erneut versuchen
reconnecting = Keine Verbindung. Neuer Versuch…
reconnect-now = Jetzt versuchen
loading = Wird geladen…
signed-in-as = Angemeldet als { $email }
signed-out-title = Sie sind abgemeldet
signed-out-text = Melden Sie sich auf der Website wieder an, um mit Ihren Anfragen fortzufahren.
visitor-title = Bitte melden Sie sich an
visitor-text = Um { $app } zu schreiben, melden Sie sich auf der Website an, von der Sie kommen. Öffnen Sie dann dieses Fenster erneut.
unknown-app-title = Der Support ist hier nicht verfügbar
unknown-app-text = Diese Seite verweist auf einen Support, den es nicht gibt. Bitte informieren Sie den Betreiber der Website.

## Requests

requests-title = Ihre Anfragen
new-request = Neue Anfrage
new-request-title = Wie können wir Ihnen helfen?
new-request-hint = Beschreiben Sie Ihre Frage oder Ihr Problem. Die Antwort erhalten Sie direkt hier.
unread = Neu
status-open = Offen
status-closed = Geschlossen

## Conversation

conversation = Unterhaltung
composer-label = Ihre Nachricht
composer-placeholder = Nachricht schreiben…
composer-disabled = Sie können senden, sobald Sie wieder angemeldet sind.
send = Nachricht senden
you = Sie
sending = Wird gesendet…
sent = Gesendet
not-sent = Nicht gesendet.
seen = Gelesen
new-messages = Neue Nachrichten
reopens = Diese Anfrage ist geschlossen. Eine neue Nachricht öffnet sie wieder.
announcement = { $app }: { $body }
characters-remaining =
    { $count ->
        [one] Noch { $count } Zeichen
       *[other] Noch { $count } Zeichen
    }
characters-too-many =
    { $count ->
        [one] { $count } Zeichen zu viel. Bitte kürzen Sie Ihre Nachricht.
       *[other] { $count } Zeichen zu viel. Bitte kürzen Sie Ihre Nachricht.
    }
typing = { $name } schreibt…
away = Wir sind gerade nicht da. Hinterlassen Sie eine Nachricht, wir melden uns bei Ihnen.

## What went wrong

failure-network = Wir sind nicht erreichbar. Prüfen Sie Ihre Verbindung.
failure-timeout = Die Antwort hat zu lange gedauert. Prüfen Sie Ihre Verbindung.
failure-unreadable = Wir haben eine unverständliche Antwort erhalten. Bitte versuchen Sie es gleich noch einmal.
failure-rate-limited = Das war sehr viel auf einmal. Bitte warten Sie einen Moment.
failure-session-ended = Ihre Anmeldung ist abgelaufen.
failure-not-found = Diese Anfrage gibt es nicht mehr.
failure-too-large = Die Nachricht ist zu lang.
failure-not-accepted = Die Nachricht wurde nicht angenommen.
failure-internal = Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es gleich noch einmal.

## Signing in by email and code

signin-title = Mit E-Mail anmelden
signin-email-label = E-Mail-Adresse
signin-email-invalid = Bitte geben Sie eine gültige E-Mail-Adresse ein.
signin-continue = Weiter
signin-code-title = Code eingeben
signin-code-sent = Wir haben einen Code an { $email } gesendet.
signin-code-label = 6-stelliger Code
signin-code-wrong = Der Code ist falsch oder abgelaufen.
signin-send-again = Erneut senden
signin-send-again-in = Erneut senden in { $seconds } s
signin-other-address = Andere Adresse verwenden
signin-text = Wir senden Ihnen einen sechsstelligen Code. Ein Passwort brauchen Sie nicht.
signin-sending-code = Code wird gesendet…
signin-submit = Anmelden
signin-submitting = Anmeldung läuft…
signin-sent-again = Ein neuer Code ist unterwegs. Der frühere gilt nicht mehr.
signin-code-malformed = Der Code hat sechs Ziffern. Bitte sehen Sie noch einmal in der E-Mail nach.
signin-signed-out = Sie sind abgemeldet.
signin-expired = Ihre Anmeldung ist abgelaufen. Bitte melden Sie sich erneut an: Ihr Text bleibt erhalten.
office-hours = Bürozeiten:
sign-out = Abmelden

## Files, sound

waits = Noch nicht gesendet. Die Nachricht geht hinaus, sobald Sie wieder online sind.
attach = Dateien anhängen
drop-files = Dateien hier ablegen
attached-files = Angehängte Dateien
remove-file = { $name } entfernen
uploading = { $name } wird hochgeladen
upload-failed = Nicht hochgeladen.
file-too-large = Zu groß. Eine Datei darf bis zu { $size } haben.
file-type = Dateien dieser Art können nicht angehängt werden.
file-empty = Diese Datei ist leer.
files-too-many =
    { $count ->
        [one] Eine Nachricht darf eine Datei haben.
       *[other] Eine Nachricht darf bis zu { $count } Dateien haben.
    }
download = { $name } herunterladen
sound-on = Ton einschalten
sound-off = Ton ausschalten
