/** The kind of the job that writes the file of an export. */
export const exportKind = 'export';

/** Done by a job or timer, and by nobody else. */
export const byItself = {
  permission: { level: 'requires_authorization' },
  human_only: true,
  roles: [],
} as const;
