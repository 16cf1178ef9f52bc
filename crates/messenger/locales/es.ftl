## The panel

support = Soporte
close = Cerrar
back = Volver a todas las solicitudes
connecting = Conectando…
signing-in-again = Iniciando sesión de nuevo… Lo que ha escrito se conserva aquí.
try-again = Reintentar
reconnecting = Sin conexión. Intentando reconectar…
reconnect-now = Reintentar ahora
loading = Cargando…
signed-in-as = Sesión iniciada como { $email }
signed-out-title = Ha cerrado la sesión
signed-out-text = Inicie sesión de nuevo en el sitio web para continuar con sus solicitudes.
visitor-title = Inicie sesión
visitor-text = Para escribir a { $app }, inicie sesión en el sitio web desde el que ha llegado. Después, vuelva a abrir esta ventana.
unknown-app-title = El soporte no está disponible aquí
unknown-app-text = Esta página indica un servicio de soporte que no existe. Avise al responsable del sitio web.

## Requests

requests-title = Sus solicitudes
new-request = Nueva solicitud
new-request-title = ¿En qué podemos ayudarle?
new-request-hint = Describa su pregunta o problema. Recibirá la respuesta aquí mismo.
unread = Nuevo
status-open = Abierta
status-closed = Cerrada

## Conversation

conversation = Conversación
composer-label = Su mensaje
composer-placeholder = Escriba un mensaje…
composer-disabled = Podrá enviar en cuanto se haya iniciado de nuevo la sesión.
send = Enviar mensaje
you = Usted
sending = Enviando…
sent = Enviado
not-sent = No enviado.
seen = Visto
new-messages = Mensajes nuevos
reopens = Esta solicitud está cerrada. Un mensaje nuevo la vuelve a abrir.
announcement = { $app }: { $body }
characters-remaining =
    { $count ->
        [one] Queda { $count } carácter
        [many] Quedan { $count } de caracteres
       *[other] Quedan { $count } caracteres
    }
characters-too-many =
    { $count ->
        [one] Sobra { $count } carácter. Acorte su mensaje.
        [many] Sobran { $count } de caracteres. Acorte su mensaje.
       *[other] Sobran { $count } caracteres. Acorte su mensaje.
    }
typing = { $name } está escribiendo…
away = En este momento no estamos disponibles. Déjenos un mensaje y le responderemos.

## What went wrong

failure-network = No hemos podido conectar. Compruebe su conexión.
failure-timeout = La respuesta ha tardado demasiado. Compruebe su conexión.
failure-unreadable = Hemos recibido una respuesta incomprensible. Vuelva a intentarlo dentro de un momento.
failure-rate-limited = Han sido muchas acciones seguidas. Espere un momento.
failure-session-ended = Su sesión ha terminado.
failure-not-found = Esta solicitud ya no existe.
failure-too-large = El mensaje es demasiado largo.
failure-not-accepted = El mensaje no se ha aceptado.
failure-internal = Algo ha fallado por nuestra parte. Vuelva a intentarlo dentro de un momento.

## Signing in by email and code

signin-title = Inicie sesión con su correo
signin-email-label = Correo electrónico
signin-email-invalid = Introduzca un correo electrónico válido.
signin-continue = Continuar
signin-code-title = Introduzca el código
signin-code-sent = Hemos enviado un código a { $email }.
signin-code-label = Código de 6 dígitos
signin-code-wrong = El código no es correcto o ha caducado.
signin-send-again = Enviar de nuevo
signin-send-again-in = Enviar de nuevo en { $seconds } s
signin-other-address = Usar otra dirección
signin-text = Le enviamos un código de seis cifras. No hace falta contraseña.
signin-sending-code = Enviando el código…
signin-submit = Iniciar sesión
signin-submitting = Iniciando sesión…
signin-sent-again = Un nuevo código está en camino. El anterior ya no vale.
signin-code-malformed = El código tiene seis cifras. Vuelva a mirar el correo.
signin-signed-out = Ha cerrado la sesión.
signin-expired = Su sesión ha terminado. Inicie sesión de nuevo: lo que ha escrito se conserva.
office-hours = Horario de atención:
sign-out = Cerrar sesión

## Files, sound

waits = Aún no enviado. Se enviará cuando vuelva a tener conexión.
attach = Adjuntar archivos
drop-files = Suelte los archivos aquí
attached-files = Archivos adjuntos
remove-file = Quitar { $name }
uploading = Subiendo { $name }
upload-failed = No se ha subido.
file-too-large = Demasiado grande. Un archivo puede tener hasta { $size }.
file-type = No se pueden adjuntar archivos de este tipo.
file-empty = Este archivo está vacío.
files-too-many =
    { $count ->
        [one] Un mensaje puede llevar un archivo.
        [many] Un mensaje puede llevar hasta { $count } de archivos.
       *[other] Un mensaje puede llevar hasta { $count } archivos.
    }
download = Descargar { $name }
sound-on = Activar el sonido
sound-off = Desactivar el sonido
