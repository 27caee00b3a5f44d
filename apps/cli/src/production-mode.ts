/**
 * Makes the built program run without the development checks of its libraries (graphql compares every type twice with
 * them). Imported before anything else, because libraries read the setting once when they are loaded.
 */
process.env['NODE_ENV'] ??= 'production';
