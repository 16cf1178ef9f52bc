page-title = Solicitações · { $app }
answers-as = Você responde como { $name }
colleague = Alguém da equipe
customer = Um cliente

## Signing in by API key

key-title = Entre para responder
key-text = Uma chave de API abre as solicitações do seu aplicativo. Ela fica nesta aba até você sair ou fechá-la.
key-label = Chave de API
key-missing = Informe uma chave de API.
key-wrong = Esta chave de API não é válida. Verifique se ela foi copiada por inteiro.
key-revoked = Sua chave de API não é mais válida. Entre com outra: o que você digitou foi mantido.
key-how = Não tem uma? Quem administra o Thread cria uma, com o nome que os clientes veem:

## Lists

requests = Solicitações
tab-open = Abertas
tab-closed = Fechadas
open-empty-title = Nenhuma solicitação aberta
open-empty-text = As novas aparecem aqui automaticamente.
closed-empty-title = Nenhuma solicitação fechada
closed-empty-text = O que você fecha fica aqui.
load-more = Carregar mais
new-request-from = Nova solicitação de { $email }: { $body }

## Conversation

choose-title = Escolha uma solicitação
choose-text = As mensagens aparecem aqui, e você pode responder.
close = Fechar solicitação
reopen = Reabrir solicitação
closed = A solicitação está fechada.
reopened = A solicitação está aberta de novo.
not-changed = Nada foi alterado.
stays-closed = Esta solicitação está fechada. Sua mensagem não a reabre; a próxima do cliente, sim.
