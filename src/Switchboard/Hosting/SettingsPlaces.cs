using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Switchboard.Hosting;

/// <summary>Where settings stand, for the messages about them: on which line of <c>switchboard.json</c>, or in another source.</summary>
/// <param name="lines">The lines of what the file says, by the names in the configuration.</param>
/// <param name="above">The settings of the sources that win over it.</param>
/// <param name="below">Those of the sources that it wins over.</param>
internal sealed class SettingsPlaces(IReadOnlyDictionary<string, int> lines, IEnumerable<string> above, IEnumerable<string> below)
{
    private readonly HashSet<string> _above = new(above, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _sections = new(above.Concat(below).SelectMany(Sections), StringComparer.OrdinalIgnoreCase);

    /// <summary>The lines of a text that is JSON, by the names in the configuration; of a name that stands there twice the last one.</summary>
    public static Dictionary<string, int> LinesOf(string text)
    {
        var lines = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var json = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        // What is open, each with its path and, for a list, how many entries there were.
        var open = new Stack<(string Path, int Entries)>();
        var (line, at, path) = (1, 0, "");
        while (reader.Read())
        {
            line += json.AsSpan(at, (int)reader.TokenStartIndex - at).Count((byte)'\n');
            at = (int)reader.TokenStartIndex;
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                open.Pop();
                continue;
            }

            if (reader.TokenType is JsonTokenType.PropertyName)
            {
                path = Join(open.Peek().Path, reader.GetString()!);
                lines[path] = line;
                continue;
            }

            if (open.TryPeek(out var holder) && holder.Entries >= 0)
            {
                open.Pop();
                open.Push((holder.Path, holder.Entries + 1));
                path = Join(holder.Path, holder.Entries.ToString(CultureInfo.InvariantCulture));
                lines[path] = line;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                open.Push((path, reader.TokenType is JsonTokenType.StartArray ? 0 : -1));
            }
        }

        return lines;
    }

    /// <summary>Whether the file says a setting, and nothing that wins over it.</summary>
    public bool IsOfFile(string path) => !_above.Contains(path) && lines.ContainsKey(path);

    /// <summary>A failure, with the place of the setting that it names, or of the nearest one around it.</summary>
    public string Placed(string failure) => Placed(failure[..Math.Max(0, failure.IndexOf(": ", StringComparison.Ordinal))], failure);

    /// <summary>A failure, with the place of a setting.</summary>
    public string Placed(string path, string failure)
    {
        foreach (var around in Sections(path))
        {
            if (IsOfFile(around))
            {
                return $"{failure} ({SettingsFolder.FileName}, line {lines[around].ToString(CultureInfo.InvariantCulture)})";
            }

            if (_sections.Contains(around))
            {
                return $"{failure} (an app setting or variable, not {SettingsFolder.FileName})";
            }
        }

        return failure;
    }

    // The path, and all that it stands in.
    private static IEnumerable<string> Sections(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf(':', end - 1))
        {
            yield return path[..end];
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}:{name}";
}
