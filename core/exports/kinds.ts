/** Kinds of the jobs about the files of exports. */
export const exportKind = 'export';
export const removalKind = 'export_removal';

/** Done by a job or timer, and by nobody else. */
export const byItself = {
  permission: { level: 'requires_authorization' },
  human_only: true,
  roles: [],
} as const;
