using System.Text.Json;

namespace Switchboard.Wire;

/// <summary>Finds the field at fault where the parser does not say it: a doubled name, or a string that no reader can decode.</summary>
internal static class JsonFaultFinder
{
    public static (string? Path, string Fault) Find(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return Find(document.RootElement, null) ?? (null, "has a fault that cannot be placed");
    }

    private static (string? Path, string Fault)? Find(JsonElement element, string? path)
    {
        if (element.ValueKind is JsonValueKind.Object)
        {
            return FindInObject(element, path);
        }

        if (element.ValueKind is JsonValueKind.Array)
        {
            return element.EnumerateArray().Select((item, index) => Find(item, $"{path}[{index}]")).FirstOrDefault(found => found is not null);
        }

        return element.ValueKind is JsonValueKind.String && !CanDecode(element.GetString) ? (path, "has an unpaired surrogate escape") : null;
    }

    private static (string? Path, string Fault)? FindInObject(JsonElement owner, string? path)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in owner.EnumerateObject())
        {
            if (!CanDecode(() => property.Name))
            {
                return (path, "has a property whose name has an unpaired surrogate escape");
            }

            var at = JsonFields.Join(path, property.Name);
            if (!names.Add(property.Name))
            {
                return (at, "stands there twice");
            }

            if (Find(property.Value, at) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static bool CanDecode(Func<string?> read)
    {
        try
        {
            _ = read();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
