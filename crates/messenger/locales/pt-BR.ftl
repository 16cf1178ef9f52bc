## The panel

support = Suporte
close = Fechar
back = Voltar a todas as solicitações
connecting = Conectando…
signing-in-again = Entrando novamente… O que você digitou continua aqui.
try-again = Tentar novamente
reconnecting = Sem conexão. Tentando reconectar…
reconnect-now = Tentar agora
loading = Carregando…
signed-in-as = Conectado como { $email }
signed-out-title = Você saiu da conta
signed-out-text = Entre novamente pelo site para continuar com suas solicitações.
visitor-title = Entre na sua conta
visitor-text = Para escrever para { $app }, entre na sua conta no site que trouxe você até aqui. Depois, abra esta janela novamente.
unknown-app-title = O suporte não está disponível aqui
unknown-app-text = Esta página indica um suporte que não existe. Avise o responsável pelo site.

## Requests

requests-title = Suas solicitações
new-request = Nova solicitação
new-request-title = Como podemos ajudar?
new-request-hint = Descreva sua dúvida ou seu problema. Você recebe a resposta aqui mesmo.
unread = Nova
status-open = Aberta
status-closed = Fechada

## Conversation

conversation = Conversa
composer-label = Sua mensagem
composer-placeholder = Escreva uma mensagem…
composer-disabled = Você poderá enviar assim que sua sessão for restabelecida.
send = Enviar mensagem
you = Você
sending = Enviando…
sent = Enviada
not-sent = Não enviada.
seen = Vista
new-messages = Novas mensagens
reopens = Esta solicitação está fechada. Uma nova mensagem a reabre.
announcement = { $app }: { $body }
characters-remaining =
    { $count ->
        [one] Resta { $count } caractere
        [many] Restam { $count } de caracteres
       *[other] Restam { $count } caracteres
    }
characters-too-many =
    { $count ->
        [one] { $count } caractere a mais. Encurte sua mensagem.
        [many] { $count } de caracteres a mais. Encurte sua mensagem.
       *[other] { $count } caracteres a mais. Encurte sua mensagem.
    }
typing = { $name } está digitando…
away = Estamos ausentes no momento. Deixe uma mensagem e responderemos a você.

## What went wrong

failure-network = Não foi possível conectar. Verifique sua conexão.
failure-timeout = A resposta demorou demais. Verifique sua conexão.
failure-unreadable = Recebemos uma resposta incompreensível. Tente novamente daqui a pouco.
failure-rate-limited = Foram muitas ações de uma só vez. Aguarde um momento.
failure-session-ended = Sua sessão terminou.
failure-not-found = Esta solicitação não existe mais.
failure-too-large = A mensagem é longa demais.
failure-not-accepted = A mensagem não foi aceita.
failure-internal = Algo deu errado do nosso lado. Tente novamente daqui a pouco.

## Signing in by email and code

signin-title = Entre com seu e-mail
signin-email-label = Endereço de e-mail
signin-email-invalid = Digite um endereço de e-mail válido.
signin-continue = Continuar
signin-code-title = Digite o código
signin-code-sent = Enviamos um código para { $email }.
signin-code-label = Código de 6 dígitos
signin-code-wrong = O código está incorreto ou expirou.
signin-send-again = Enviar novamente
signin-send-again-in = Enviar novamente em { $seconds } s
signin-other-address = Usar outro endereço
signin-text = Enviamos a você um código de seis dígitos. Não é preciso senha.
signin-sending-code = Enviando o código…
signin-submit = Entrar
signin-submitting = Entrando…
signin-sent-again = Um novo código está a caminho. O anterior não vale mais.
signin-code-malformed = O código tem seis dígitos. Confira o e-mail novamente.
signin-signed-out = Você saiu.
signin-expired = Sua sessão terminou. Entre novamente: o que você digitou foi mantido.
office-hours = Horário de atendimento:
sign-out = Sair

## Files, sound

waits = Ainda não enviada. Será enviada quando você estiver on-line novamente.
attach = Anexar arquivos
drop-files = Solte os arquivos aqui
attached-files = Arquivos anexados
remove-file = Remover { $name }
uploading = Enviando { $name }
upload-failed = Não foi enviado.
file-too-large = Grande demais. Um arquivo pode ter até { $size }.
file-type = Arquivos deste tipo não podem ser anexados.
file-empty = Este arquivo está vazio.
files-too-many =
    { $count ->
        [one] Uma mensagem pode ter um arquivo.
        [many] Uma mensagem pode ter até { $count } de arquivos.
       *[other] Uma mensagem pode ter até { $count } arquivos.
    }
download = Baixar { $name }
sound-on = Ativar o som
sound-off = Desativar o som
