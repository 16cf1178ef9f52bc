import { createRoot } from 'react-dom/client';
import { ChatWidget } from '@papercups-io/chat-widget';

createRoot(document.body.appendChild(document.createElement('div'))).render(<ChatWidget accountId="an-account" />);
