// For the pages of the sign-in.

import { forgetAll } from '../offline/forget.js';

forgetAll();
