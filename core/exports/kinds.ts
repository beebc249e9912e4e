/** Kinds of the jobs about the files of exports. */
export const exportKind = 'export';
export const removalKind = 'export_removal';
