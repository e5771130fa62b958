using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Switchboard.Common;
using Switchboard.Models;
using Switchboard.Responders;
using Switchboard.Upstream;

namespace Switchboard.Hosting;

/// <summary>
/// What <c>switchboard.json</c> says, as settings: objects are sections, lists count from 0. Comments and commas at the end are allowed. What it may not hold is refused:
/// it is published with the app and lies in a repository, so no secret belongs there.
/// </summary>
internal sealed partial class SettingsFile
{
    private const string Schema = "$schema";

    private static readonly JsonDocumentOptions Form = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _failures = [];
    private readonly SettingsPlaces _places;

    private SettingsFile(Dictionary<string, int> lines)
    {
        Lines = lines;
        _places = new SettingsPlaces(lines, [], []);
    }

    /// <summary>A file that says nothing.</summary>
    public static SettingsFile Empty { get; } = new([]);

    /// <summary>The lines of what it says, by the names in the configuration.</summary>
    public IReadOnlyDictionary<string, int> Lines { get; }

    /// <summary>The settings, by their names in the configuration.</summary>
    public IReadOnlyDictionary<string, string?> Values => _values;

    /// <summary>What is wrong, each failure with its key and its line; never with its value, which may be a secret.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <exception cref="SettingsFileException">It is no JSON object; the message says where it ceases to be one.</exception>
    public static SettingsFile Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new SettingsFileException("it is empty; expected a JSON object");
        }

        try
        {
            using var document = JsonDocument.Parse(text, Form);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                throw new SettingsFileException("expected a JSON object");
            }

            var file = new SettingsFile(SettingsPlaces.LinesOf(text));
            foreach (var section in file.Fields(document.RootElement, ""))
            {
                file.ReadSection(section);
            }

            return file;
        }
        catch (JsonException failure)
        {
            throw new SettingsFileException(NoJson(failure), failure);
        }
        catch (InvalidOperationException failure)
        {
            throw new SettingsFileException("a text in it has half of a character (\\ud800 to \\udfff alone)", failure);
        }
    }

    /// <summary>Why and where a text ceases to be JSON, as the end of a sentence; line and column count from 1, as in editors.</summary>
    public static string NoJson(JsonException failure) =>
        // The parser's words go on with a path; its position counts from 0.
        $"it is no JSON at line {failure.LineNumber + 1}, column {failure.BytePositionInLine + 1}: {Position().Replace(failure.Message, "").TrimEnd('.', ' ')}";

    private void ReadSection(JsonProperty section)
    {
        if (section.Name == Schema)
        {
            return;
        }

        if (section.Name.Equals(Schema, StringComparison.OrdinalIgnoreCase))
        {
            Fail(section.Name, $"{section.Name}: no such section of {SettingsFolder.FileName}; did you mean {Schema}?");
            return;
        }

        if (section.NameEquals("Settings") || Property(typeof(SwitchboardOptions), section.Name) is not { } property)
        {
            var known = typeof(SwitchboardOptions).GetProperties().Select(known => known.Name).Where(name => name != "Settings");
            Fail(section.Name, $"{section.Name}: no such section of {SettingsFolder.FileName}; there are {string.Join(", ", known)}{SettingText.DidYouMean(section.Name, known)} Other settings belong into the environment or the app settings.");
            return;
        }

        Read(section.Value, property.Name, property.PropertyType, property);
    }

    private void Read(JsonElement value, string path, Type? type, PropertyInfo? property)
    {
        if (SettingsSecrets.Failure(path, value, property) is { } secret)
        {
            _failures.Add(_places.Placed(secret));
            if (value.ValueKind is JsonValueKind.String)
            {
                // Nothing is started with it. Left out it would be told to be missing, and what comes after it in a list by another index.
                _values[path] = value.GetString();
            }

            return;
        }

        // Also of what is empty: it leaves no value that whoever reads the settings could tell of, nor does a lone value under the name of a section, which in the environment is somebody else's.
        if (Misplaced(value.ValueKind, type, property) is { } expected)
        {
            Fail(path, $"{path}: expected {expected}.");
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object when IsJson(property):
                _values[path] = Written(value);
                break;
            case JsonValueKind.Object:
                foreach (var field in Fields(value, path))
                {
                    var below = type is null ? null : Property(type, field.Name);
                    Read(field.Value, $"{path}:{below?.Name ?? field.Name}", below?.PropertyType, below);
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                var item = type is { IsGenericType: true } ? type.GetGenericArguments()[0] : null;
                foreach (var entry in value.EnumerateArray())
                {
                    var below = $"{path}:{index.ToString(CultureInfo.InvariantCulture)}";
                    var count = _values.Count;
                    if (entry.ValueKind is JsonValueKind.Null)
                    {
                        Fail(below, $"{below}: expected an entry, found null; leave it out.");
                        // As with an entry that cannot be used.
                        _values[below] = "";
                    }

                    Read(entry, below, item, null);
                    if (entry.ValueKind is JsonValueKind.Object && _values.Count == count)
                    {
                        // An entry without anything that can be used keeps its place: the next one is told by its own index.
                        _values[below] = "";
                    }

                    index++;
                }

                break;
            case JsonValueKind.String when NeverEmpty(property) is { } text && string.IsNullOrWhiteSpace(value.GetString()):
                Fail(path, $"{path}: expected {text}, found an empty text; leave it out where there is to be none.");
                // As with a secret.
                _values[path] = "";
                break;
            case JsonValueKind.String:
                _values[path] = value.GetString();
                break;
            case JsonValueKind.Null:
                break;
            default:
                _values[path] = value.GetRawText();
                break;
        }
    }

    // A configuration knows no letter case, so that two names which differ in nothing else are one name twice.
    private IEnumerable<JsonProperty> Fields(JsonElement value, string path)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in value.EnumerateObject())
        {
            var name = path.Length == 0 ? field.Name : $"{path}:{field.Name}";
            if (SecretText.IsKey(field.Name))
            {
                Fail(name, SettingsSecrets.NamedByKey(path.Length == 0 ? SettingsFolder.FileName : path));
            }
            else if (!seen.Add(field.Name))
            {
                Fail(name, $"{name}: this name stands there twice.");
            }
            else if (field.Name.Contains(':', StringComparison.Ordinal) || field.Name.Contains("__", StringComparison.Ordinal))
            {
                Fail(name, $"{name}: in {SettingsFolder.FileName} settings are nested, such as {{\"Limits\": {{\"MaxMessages\": 50}}}}.");
            }
            else
            {
                yield return field;
            }
        }
    }

    private void Fail(string path, string failure) => _failures.Add(_places.Placed(path, failure));

    // A source above the file may unset these with an empty text; the file would only leave them out.
    private static string? NeverEmpty(PropertyInfo? property) => property?.PropertyType != typeof(string) ? null : property.Name switch
    {
        nameof(ModelOptions.Prompt) => "a prompt",
        nameof(ScriptRule.Say) => "something to say",
        nameof(ModelOptions.PromptFile) or nameof(ScriptRule.SayFile) => "the path of a file",
        nameof(UpstreamOptions.ApiKeySecret) or nameof(UpstreamHeader.Secret) => "the name of a secret",
        _ => null,
    };

    private static PropertyInfo? Property([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type, string name) =>
        type.IsGenericType ? null : type.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);

    private static string? Misplaced(JsonValueKind kind, Type? type, PropertyInfo? property)
    {
        if (type is null || IsJson(property) || kind is JsonValueKind.Null)
        {
            return null;
        }

        var isValue = SettingsTree.IsValue(Nullable.GetUnderlyingType(type) ?? type);
        var isList = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>);
        return kind switch
        {
            JsonValueKind.Object => isValue ? "a value, found settings below this name" : isList ? "a list […], found an object {…}" : null,
            JsonValueKind.Array => isValue ? "a value, found a list" : isList ? null : "settings below this name, found a list",
            _ => isValue ? null : isList ? "a list, found a value" : "settings below this name, found a value",
        };
    }

    private static bool IsJson(PropertyInfo? property) => property?.GetCustomAttribute<StringSyntaxAttribute>()?.Syntax is StringSyntaxAttribute.Json;

    // Without the comments that may stand inside it.
    private static string Written(JsonElement value)
    {
        using var written = new MemoryStream();
        using (var writer = new Utf8JsonWriter(written))
        {
            value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(written.ToArray());
    }

    [GeneratedRegex(@"\s*(Path: .*?\s*\|\s*)?(LineNumber: .*)$", RegexOptions.Singleline)]
    private static partial Regex Position();
}
