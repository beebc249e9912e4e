// The service worker is the script of the close-out pages, which most phones have already when they install it. The
// calendar fetches the same script once it is there itself.
// biome-ignore lint/suspicious/noGlobalAssign: every byte counts on one bar of signal.
if (self.document) onload = () => import('/static/close-out.js');
else importScripts('/static/close-out.js');
