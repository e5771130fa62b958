using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Switchboard.Platforms;

/// <summary>
/// A request as dialects look at it. The names at the top of its body are gone over once; a name that is not there, as most are, is then known
/// without a search.
/// </summary>
internal readonly struct CallRequest
{
    private readonly JsonElement _body;
    private readonly HttpRequest _http;
    // A bit for each name that may be there.
    private readonly ulong _names;

    public CallRequest(JsonElement body, HttpRequest http)
    {
        (_body, _http) = (body, http);
        foreach (var property in body.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            // One that is written with escapes may be any.
            _names |= name.Contains((byte)'\\') ? ulong.MaxValue : Bit(name);
        }
    }

    /// <summary>A value at the top of the body; undefined where it is missing.</summary>
    public JsonElement this[ReadOnlySpan<byte> name] => (_names & Bit(name)) != 0 && _body.TryGetProperty(name, out var value) ? value : default;

    public bool Has(ReadOnlySpan<byte> name) => this[name].ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The first value of a header; null when it is missing or empty.</summary>
    public string? Header(string name) => _http.Headers.TryGetValue(name, out var values) && values is [{ Length: > 0 } first, ..] ? first : null;

    /// <summary>The first value of a query parameter; null when it is missing or empty. The query is read without being taken apart.</summary>
    public string? Query(string name)
    {
        if (_http.QueryString.HasValue)
        {
            foreach (var parameter in new QueryStringEnumerable(_http.QueryString.Value))
            {
                if (parameter.DecodeName().Span.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return parameter.DecodeValue() is { Length: > 0 } value ? value.ToString() : null;
                }
            }
        }

        return null;
    }

    private static ulong Bit(ReadOnlySpan<byte> name) => name.IsEmpty ? 0 : 1UL << (((name.Length * 7) + (name[0] * 3) + name[^1]) & 63);
}

/// <summary>Reads values that a platform may write in another form than it should, or not at all: then they are not there.</summary>
internal static class CallValue
{
    /// <summary>A value of <paramref name="owner"/>; undefined where there is none.</summary>
    public static JsonElement At(this JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.ValueKind is JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : default;

    /// <summary>An id or a number, which platforms write as text and as digits; null where it is neither, or empty.</summary>
    public static string? Text(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    /// <summary>User data: text as it is, anything else as JSON; null where there is none.</summary>
    public static string? Data(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
        JsonValueKind.Object when value.GetPropertyCount() == 0 => null,
        _ => value.GetRawText(),
    };

    public static bool Has(this JsonElement owner, ReadOnlySpan<byte> name) => owner.At(name).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public static bool IsObject(this JsonElement value) => value.ValueKind is JsonValueKind.Object;

    public static bool IsId(this JsonElement value) => value.ValueKind is JsonValueKind.Number || (value.ValueKind is JsonValueKind.String && !value.ValueEquals(""u8));
}
