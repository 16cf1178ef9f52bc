page-title = Demandes · { $app }
answers-as = Vous répondez en tant que { $name }
colleague = Un membre de l’équipe
customer = Un client

## Signing in by API key

key-title = Connectez-vous pour répondre
key-text = Une clé d’API ouvre les demandes de son application. Elle reste dans cet onglet jusqu’à ce que vous vous déconnectiez ou le fermiez.
key-label = Clé d’API
key-missing = Veuillez saisir une clé d’API.
key-wrong = Cette clé d’API n’est pas valide. Vérifiez que vous l’avez copiée en entier.
key-revoked = Votre clé d’API n’est plus valide. Connectez-vous avec une autre : ce que vous avez écrit est conservé.
key-how = Vous n’en avez pas ? La personne qui gère Thread en crée une, avec le nom que voient les clients :

## Lists

requests = Demandes
tab-open = Ouvertes
tab-closed = Fermées
open-empty-title = Aucune demande ouverte
open-empty-text = Les nouvelles apparaissent ici d’elles-mêmes.
closed-empty-title = Aucune demande fermée
closed-empty-text = Ce que vous fermez est conservé ici.
load-more = Afficher la suite
new-request-from = Nouvelle demande de { $email } : { $body }

## Conversation

choose-title = Choisissez une demande
choose-text = Ses messages s’affichent ici, et vous pouvez répondre.
close = Fermer la demande
reopen = Rouvrir la demande
closed = La demande est fermée.
reopened = La demande est de nouveau ouverte.
not-changed = Rien n’a été modifié.
stays-closed = Cette demande est fermée. Votre message ne la rouvre pas ; le prochain du client, si.
