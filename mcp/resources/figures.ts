import { z } from 'zod';
import { draw, drawn, type Line, type Picture, pictures } from '../../core/analytics/pictures.ts';
import type { App } from '../../core/app.ts';
import type { ReadQuery } from '../../core/kernel/registry/define.ts';
import type { Presenter } from '../present.ts';

// The pictures of the figures, for hosts that show them: what an owner attaches to a conversation about how the business does.

const mimeType = 'image/svg+xml';
const prefix = 'deskhand://figures/';

/** The addresses of the pictures. */
export const listed = pictures.map(({ name, label, isOfToday }) => ({
  uri: `${prefix}${name}`,
  name: `figures_${name}`,
  title: `Figures: ${label}`,
  description: `A picture of ${isOfToday ? 'today' : 'the last twelve months'}: ${label.toLowerCase()}.`,
  mimeType,
}));

/** The picture of an address; undefined for one that is none. */
export const pictureAt = (uri: string): Picture | undefined =>
  pictures.find(({ name }) => uri.toLowerCase() === `${prefix}${name}`);

type Reader = (type: string, query: ReadQuery) => ReturnType<App['read']>;

const line: z.ZodType<Line> = z.looseObject({ currency: z.string() });
const said = z.looseObject({
  compared_with: z.string().optional(),
  says: z.union([z.string(), z.array(z.string())]).optional(),
});

/**
 * The picture as an SVG of its own, in the first currency, with what it comes to in words; names of customers and places are marked as
 * everywhere (« »). Without anything to draw it says so in the same shape.
 */
export async function readPicture(
  app: App,
  read: Reader,
  { present, picture }: { present: Presenter; picture: Picture },
): Promise<{ mimeType: string; text: string }> {
  const { view, params } = picture;
  const fields = Object.keys(app.registry.view(view).spec.row.shape);
  const query = { fields, limit: 2 * drawn, ...(params ? { params } : {}) };
  const { rows, totals, time_zone } = await read(view, query);
  const shown = rows.map(row => line.parse(present.compact(row, time_zone, view)));
  const first = shown[0]?.currency;
  const { says = [], compared_with } = said.parse(present.compact(totals, time_zone, view));
  const alone = [says].flat().join(' ') || 'There is nothing to draw.';
  const isLike = compared_with !== undefined || view === 'analytics_yoy';
  const own = shown.filter(({ currency }) => currency === first);
  return { mimeType, text: draw(picture, own, { alone, isLike }) ?? empty };
}

const empty =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 60" width="720" height="120" role="img"><text x="20" y="35">There is nothing to draw.</text></svg>';
