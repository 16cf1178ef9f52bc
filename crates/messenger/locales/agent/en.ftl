# Words of the agents' page that the panel has not; it uses those of `locales/`, too.

# $app (String) - whose requests these are
page-title = Requests · { $app }
# $name (String) - what customers see
answers-as = You answer as { $name }
# Of messages of agents whose key has no name.
colleague = A colleague
# Where it is not known who.
customer = A customer

## Signing in by API key

key-title = Sign in to answer
key-text = An API key opens the requests of its app. It stays in this tab, until you sign out or close it.
key-label = API key
key-missing = Please enter an API key.
key-wrong = This API key is not valid. Please check that all of it was copied.
key-revoked = Your API key is no longer valid. Please sign in with another one: what you have typed is kept.
key-how = You have none? Whoever runs Thread makes one, with the name that customers see:

## Lists

requests = Requests
# The two lists that one chooses from.
tab-open = Open
tab-closed = Closed
open-empty-title = No open requests
open-empty-text = New ones appear here by themselves.
closed-empty-title = No closed requests
closed-empty-text = What you close is kept here.
load-more = Load more
# For screen readers.
# $email (String) - who raised it
# $body (String) - what was written
new-request-from = New request of { $email }: { $body }

## Conversation

choose-title = Choose a request
choose-text = Its messages appear here, and you can answer.
close = Close request
reopen = Reopen request
closed = The request is closed.
reopened = The request is open again.
not-changed = Nothing was changed.
stays-closed = This request is closed. Your message does not open it again; the customer’s next one does.
