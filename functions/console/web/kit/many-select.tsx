import type { SelectProps } from 'antd';
import { Select } from 'antd';

/** Chooses several of what is offered, found by typing a part of its name. A field of a form. */
export function ManySelect(props: SelectProps<string[]>) {
  return <Select<string[]> mode="multiple" showSearch={{ optionFilterProp: 'label' }} {...props} />;
}
