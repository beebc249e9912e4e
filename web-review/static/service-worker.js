// The service worker is the script of the close-out pages: most phones have it already when they install the worker.
importScripts('/static/close-out.js');
