using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Switchboard.Common;
using Switchboard.Hosting;

namespace Switchboard.Tests.Hosting;

/// <summary>
/// <c>switchboard.schema.json</c>, by which editors complete and check <c>switchboard.json</c>, is what the options classes and the rows of docs/configuration.md say. With
/// SWITCHBOARD_WRITE_SCHEMA=1 in the environment it is written anew.
/// </summary>
public sealed partial class SettingsSchemaTests
{
    private static readonly string Path = Repository.PathOf("switchboard.schema.json");

    private static readonly JsonWriterOptions Form = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonObject Schema = Build();

    [Fact]
    public void File_OfTheRepository_IsWhatTheOptionsSay()
    {
        using var written = new MemoryStream();
        using (var writer = new Utf8JsonWriter(written, Form))
        {
            Schema.WriteTo(writer);
        }

        var expected = $"{Encoding.UTF8.GetString(written.ToArray())}\n";
        if (Environment.GetEnvironmentVariable("SWITCHBOARD_WRITE_SCHEMA") is { Length: > 0 })
        {
            File.WriteAllText(Path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(Path));
    }

    [Fact]
    public void Schema_EveryRowOfTheDocument_IsInItUnlessItIsASecret() => Assert.All(
        DocumentedSetting.All,
        row => Assert.Equal(!SettingsSecrets.IsKey(row.Path) && !row.Path.StartsWith("Settings:", StringComparison.Ordinal), Find(row.Path) is not null));

    [Fact]
    public void Schema_RepositorysOwnFile_HoldsToIt()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Repository.PathOf(SettingsFolder.FileName)), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });

        Assert.Equal("./switchboard.schema.json", file.RootElement.GetProperty("$schema").GetString());
        Check(file.RootElement, Schema, "");
    }

    private static void Check(JsonElement value, JsonNode schema, string path)
    {
        if (value.ValueKind is JsonValueKind.Object)
        {
            foreach (var field in value.EnumerateObject())
            {
                var below = schema["properties"]?[field.Name] ?? schema["additionalProperties"] as JsonObject;
                Assert.True(below is not null, $"{path}:{field.Name} is not in the schema.");
                Check(field.Value, below, $"{path}:{field.Name}");
            }
        }
        else if (value.ValueKind is JsonValueKind.Array)
        {
            Assert.All(value.EnumerateArray(), entry => Check(entry, schema["items"]!, path));
        }
        else if (schema["pattern"]?.GetValue<string>() is { } pattern)
        {
            Assert.Matches(pattern, value.GetString());
        }
    }

    private static JsonNode? Find(string path) =>
        path.Split(':').Aggregate((JsonNode?)Schema, (schema, part) => part.Length == 1 ? schema?["items"] : part == KnownSetting.AnyName ? schema?["additionalProperties"] : schema?["properties"]?[part]);

    private static JsonObject Build()
    {
        var root = Section();
        root["properties"]!["$schema"] = new JsonObject { ["type"] = "string" };
        foreach (var setting in KnownSetting.All.Where(setting => !SettingsSecrets.IsKey(setting.Path) && !setting.Path.StartsWith("Settings:", StringComparison.Ordinal)))
        {
            Add(root, setting);
        }

        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "switchboard.json",
            ["description"] = "What Switchboard answers and how: docs/configuration.md. No key belongs in here.",
            ["allowTrailingCommas"] = true,
            ["type"] = "object",
            ["properties"] = root["properties"]!.DeepClone(),
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Section() => new() { ["type"] = "object", ["properties"] = new JsonObject(), ["additionalProperties"] = false };

    private static void Add(JsonObject root, KnownSetting setting)
    {
        var at = root;
        var parts = setting.Path.Split(':');
        for (var index = 0; index < parts.Length; index++)
        {
            var isLast = index == parts.Length - 1;
            if (parts[index].Length == 1)
            {
                at["items"] ??= isLast ? Value(setting) : Section();
                at = (JsonObject)at["items"]!;
                continue;
            }

            if (parts[index] == KnownSetting.AnyName)
            {
                at["additionalProperties"] = at["additionalProperties"] as JsonObject ?? Section();
                at = (JsonObject)at["additionalProperties"]!;
                continue;
            }

            var isList = !isLast && parts[index + 1].Length == 1;
            var properties = (JsonObject)at["properties"]!;
            properties[parts[index]] ??= isList ? new JsonObject { ["type"] = "array" } : isLast ? Value(setting) : Section();
            if (isLast && setting.Property.IsDefined(typeof(RequiredAttribute)) && setting.Default is null or "")
            {
                ((JsonArray)(at["required"] ??= new JsonArray())).Add((JsonNode)parts[index]);
            }

            at = (JsonObject)properties[parts[index]]!;
        }
    }

    private static JsonObject Value(KnownSetting setting)
    {
        var row = Assert.Single(DocumentedSetting.All, row => row.Path == setting.Path);
        var schema = Type(setting);
        schema["description"] = Link().Replace(row.Meaning, "$1").Replace("`", "", StringComparison.Ordinal);
        if (setting.Default is not (null or ""))
        {
            schema["default"] = Typed(setting, row.Default);
        }

        schema["examples"] = new JsonArray(Typed(setting, row.Example));
        return schema;
    }

    private static JsonObject Type(KnownSetting setting)
    {
        if (setting.Property.GetCustomAttribute<StringSyntaxAttribute>()?.Syntax is StringSyntaxAttribute.Json)
        {
            return new() { ["type"] = new JsonArray("object", "string") };
        }

        if (setting.Type == typeof(TimeSpan))
        {
            return new() { ["type"] = "string", ["pattern"] = SettingTime.Pattern };
        }

        if (setting.Type.IsEnum)
        {
            // The names for completion; in any letter case for what is there.
            var names = Enum.GetNames(setting.Type);
            return new()
            {
                ["anyOf"] = new JsonArray(
                    new JsonObject { ["enum"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) },
                    new JsonObject { ["type"] = "string", ["pattern"] = $"^({string.Join('|', names.Select(AnyCase))})$" }),
            };
        }

        var schema = new JsonObject
        {
            ["type"] = setting.Type == typeof(bool) ? "boolean" : setting.Type == typeof(string) || setting.Type == typeof(Uri) ? "string" : setting.Type == typeof(double) || setting.Type == typeof(decimal) ? "number" : "integer",
        };
        if (setting.Property.GetCustomAttribute<RangeAttribute>() is { } range && range.OperandType != typeof(TimeSpan))
        {
            schema["minimum"] = JsonNode.Parse(Convert.ToString(range.Minimum, CultureInfo.InvariantCulture)!);
            schema["maximum"] = JsonNode.Parse(Convert.ToString(range.Maximum, CultureInfo.InvariantCulture)!);
        }

        return schema;
    }

    private static JsonNode? Typed(KnownSetting setting, string text) =>
        setting.Type == typeof(bool) ? bool.Parse(text)
        : setting.Type.IsPrimitive || setting.Type == typeof(decimal) || setting.Property.GetCustomAttribute<StringSyntaxAttribute>()?.Syntax is StringSyntaxAttribute.Json ? JsonNode.Parse(text)
        : text;

    private static string AnyCase(string name) => string.Concat(name.Select(letter => $"[{char.ToUpperInvariant(letter)}{char.ToLowerInvariant(letter)}]"));

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]+\)")]
    private static partial Regex Link();
}
