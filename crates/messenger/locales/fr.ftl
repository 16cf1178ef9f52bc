## The panel

support = Assistance
close = Fermer
back = Retour à toutes les demandes
connecting = Connexion…
signing-in-again = Nous rétablissons votre session… Ce que vous avez saisi est conservé.
try-again = Réessayer
reconnecting = Pas de connexion. Nouvelle tentative en cours…
reconnect-now = Réessayer maintenant
loading = Chargement…
signed-in-as = Connecté en tant que { $email }
signed-out-title = Vous êtes déconnecté
signed-out-text = Reconnectez-vous sur le site pour reprendre vos demandes.
visitor-title = Veuillez vous connecter
visitor-text = Pour écrire à { $app }, connectez-vous sur le site qui vous a conduit ici, puis rouvrez cette fenêtre.
unknown-app-title = L’assistance n’est pas disponible ici
unknown-app-text = Cette page indique un service d’assistance qui n’existe pas. Veuillez prévenir l’exploitant du site.

## Requests

requests-title = Vos demandes
new-request = Nouvelle demande
new-request-title = Comment pouvons-nous vous aider ?
new-request-hint = Décrivez votre question ou votre problème. Vous recevrez la réponse ici même.
unread = Nouveau
status-open = Ouverte
status-closed = Fermée

## Conversation

conversation = Conversation
composer-label = Votre message
composer-placeholder = Écrivez un message…
composer-disabled = Vous pourrez envoyer dès que votre session sera rétablie.
send = Envoyer le message
you = Vous
sending = Envoi…
sent = Envoyé
not-sent = Non envoyé.
seen = Vu
new-messages = Nouveaux messages
reopens = Cette demande est fermée. Un nouveau message la rouvre.
announcement = { $app } : { $body }
characters-remaining =
    { $count ->
        [one] { $count } caractère restant
        [many] { $count } de caractères restants
       *[other] { $count } caractères restants
    }
characters-too-many =
    { $count ->
        [one] { $count } caractère en trop. Veuillez raccourcir votre message.
        [many] { $count } de caractères en trop. Veuillez raccourcir votre message.
       *[other] { $count } caractères en trop. Veuillez raccourcir votre message.
    }
typing = { $name } écrit…
away = Nous sommes absents pour le moment. Laissez-nous un message et nous vous répondrons.

## What went wrong

failure-network = Nous sommes injoignables. Vérifiez votre connexion.
failure-timeout = La réponse a mis trop de temps. Vérifiez votre connexion.
failure-unreadable = Nous avons reçu une réponse incompréhensible. Veuillez réessayer dans un instant.
failure-rate-limited = Cela fait beaucoup d’un coup. Veuillez patienter un instant.
failure-session-ended = Votre session est terminée.
failure-not-found = Cette demande n’existe plus.
failure-too-large = Le message est trop long.
failure-not-accepted = Le message n’a pas été accepté.
failure-internal = Un problème est survenu de notre côté. Veuillez réessayer dans un instant.

## Signing in by email and code

signin-title = Connectez-vous avec votre e-mail
signin-email-label = Adresse e-mail
signin-email-invalid = Veuillez saisir une adresse e-mail valide.
signin-continue = Continuer
signin-code-title = Saisissez le code
signin-code-sent = Nous avons envoyé un code à { $email }.
signin-code-label = Code à 6 chiffres
signin-code-wrong = Ce code est incorrect ou a expiré.
signin-send-again = Renvoyer
signin-send-again-in = Renvoyer dans { $seconds } s
signin-other-address = Utiliser une autre adresse
signin-text = Nous vous envoyons un code à six chiffres. Aucun mot de passe n’est nécessaire.
signin-sending-code = Envoi du code…
signin-submit = Se connecter
signin-submitting = Connexion…
signin-sent-again = Un nouveau code est en route. Le précédent n’est plus valable.
signin-code-malformed = Le code comporte six chiffres. Veuillez vérifier le message reçu.
signin-signed-out = Vous êtes déconnecté.
signin-expired = Votre session a pris fin. Reconnectez-vous : votre texte est conservé.
office-hours = Horaires :
sign-out = Se déconnecter

## Files, sound

waits = Pas encore envoyé. L’envoi se fera dès que vous serez de nouveau en ligne.
attach = Joindre des fichiers
drop-files = Déposez les fichiers ici
attached-files = Fichiers joints
remove-file = Retirer { $name }
uploading = Envoi de { $name }
upload-failed = Fichier non envoyé.
file-too-large = Trop volumineux. Un fichier peut faire jusqu’à { $size }.
file-type = Les fichiers de ce type ne peuvent pas être joints.
file-empty = Ce fichier est vide.
files-too-many =
    { $count ->
        [one] Un message peut contenir un fichier.
        [many] Un message peut contenir jusqu’à { $count } de fichiers.
       *[other] Un message peut contenir jusqu’à { $count } fichiers.
    }
download = Télécharger { $name }
sound-on = Activer le son
sound-off = Désactiver le son
