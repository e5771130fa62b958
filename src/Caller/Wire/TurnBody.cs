using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Caller.Wire;

/// <summary>The body of a turn as text.</summary>
internal static class TurnBody
{
    /// <summary>The body as sent: other scripts stand in it as themselves, as most clients send them.</summary>
    public static string Text(JsonObject body)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            body.WriteTo(json);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
