page-title = Solicitudes · { $app }
answers-as = Responde como { $name }
colleague = Alguien del equipo
customer = Un cliente

## Signing in by API key

key-title = Inicie sesión para responder
key-text = Una clave de API abre las solicitudes de su aplicación. Permanece en esta pestaña hasta que cierre la sesión o la pestaña.
key-label = Clave de API
key-missing = Introduzca una clave de API.
key-wrong = Esta clave de API no es válida. Compruebe que la ha copiado entera.
key-revoked = Su clave de API ya no es válida. Inicie sesión con otra: lo que ha escrito se conserva.
key-how = ¿No tiene ninguna? Quien administra Thread crea una, con el nombre que ven los clientes:

## Lists

requests = Solicitudes
tab-open = Abiertas
tab-closed = Cerradas
open-empty-title = No hay solicitudes abiertas
open-empty-text = Las nuevas aparecen aquí automáticamente.
closed-empty-title = No hay solicitudes cerradas
closed-empty-text = Lo que cierre queda aquí.
load-more = Cargar más
new-request-from = Nueva solicitud de { $email }: { $body }

## Conversation

choose-title = Elija una solicitud
choose-text = Aquí aparecen sus mensajes y puede responder.
close = Cerrar solicitud
reopen = Reabrir solicitud
closed = La solicitud está cerrada.
reopened = La solicitud vuelve a estar abierta.
not-changed = No se ha cambiado nada.
stays-closed = Esta solicitud está cerrada. Su mensaje no la reabre; el próximo del cliente, sí.
