page-title = Anfragen · { $app }
answers-as = Sie antworten als { $name }
colleague = Jemand aus dem Team
customer = Eine Kundin oder ein Kunde

## Signing in by API key

key-title = Zum Antworten anmelden
key-text = Ein API-Schlüssel öffnet die Anfragen seiner App. Er bleibt in diesem Tab, bis Sie sich abmelden oder ihn schließen.
key-label = API-Schlüssel
key-missing = Bitte geben Sie einen API-Schlüssel ein.
key-wrong = Dieser API-Schlüssel ist nicht gültig. Bitte prüfen Sie, ob er vollständig kopiert wurde.
key-revoked = Ihr API-Schlüssel ist nicht mehr gültig. Bitte melden Sie sich mit einem anderen an: Ihre Eingaben bleiben erhalten.
key-how = Sie haben keinen? Wer Thread betreibt, erstellt einen, mit dem Namen, den Kunden sehen:

## Lists

requests = Anfragen
tab-open = Offen
tab-closed = Geschlossen
open-empty-title = Keine offenen Anfragen
open-empty-text = Neue erscheinen hier von selbst.
closed-empty-title = Keine geschlossenen Anfragen
closed-empty-text = Was Sie schließen, finden Sie hier.
load-more = Mehr laden
new-request-from = Neue Anfrage von { $email }: { $body }

## Conversation

choose-title = Wählen Sie eine Anfrage
choose-text = Hier erscheinen die Nachrichten, und Sie können antworten.
close = Anfrage schließen
reopen = Anfrage wieder öffnen
closed = Die Anfrage ist geschlossen.
reopened = Die Anfrage ist wieder offen.
not-changed = Es wurde nichts geändert.
stays-closed = Diese Anfrage ist geschlossen. Ihre Nachricht öffnet sie nicht wieder, erst die nächste der Kundenseite.
