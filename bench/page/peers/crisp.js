import { Crisp } from 'crisp-sdk-web';

Crisp.configure('a-website');
