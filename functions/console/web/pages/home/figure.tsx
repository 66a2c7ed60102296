import { Link } from 'react-router';

/** One number with its name; leads to what it counts where there is a list of it. */
export function Figure({ name, value, link }: { name: string; value: string; link?: string }) {
  const shown = (
    <>
      <span className="figure-name">{name}</span>
      <span className="figure-value">{value}</span>
    </>
  );
  return link === undefined ? (
    <div className="figure">{shown}</div>
  ) : (
    <Link className="figure" to={link}>
      {shown}
    </Link>
  );
}
