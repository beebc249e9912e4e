// For the pages of the sign-in.

import { forgetOrUnlock } from '../offline/forget.js';

forgetOrUnlock();
