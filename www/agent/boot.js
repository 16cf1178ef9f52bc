// The agents' page.
import { start as draw } from 'engine';
import { followKeyboard, start } from '../shared/start.js';

followKeyboard();
start('agent', draw);
