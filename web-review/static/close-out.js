// What JavaScript adds to the close-out, in one file for the page and for its service worker: a phone loads it once, and
// both take card numbers out with the same rule.

import { startPage } from '../offline/page.js';
import { startWorker } from '../offline/worker.js';

if (self.document) startPage();
else startWorker();
