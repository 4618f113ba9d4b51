// One of several: as a list to open, or as segments side by side.

interface Option {
  value: string;
  label: string;
}

interface ChoiceProps {
  id: string;
  label: string;
  value: string;
  options: Option[];
  // What cannot be chosen now, and is not hidden.
  missing?: string[];
  onPick: (value: string) => void;
}

export function Choice({ id, label, value, options, missing = [], onPick }: ChoiceProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select id={id} value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
        {missing.map((label) => (
          <option key={label} disabled>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Segments({ name, label, value, options, onPick }: Omit<ChoiceProps, "id" | "missing"> & { name: string }) {
  return (
    <fieldset class="field segments">
      <legend>{label}</legend>
      <div>
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onPick(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
