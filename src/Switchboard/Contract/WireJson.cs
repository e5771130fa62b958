using System.Text.Encodings.Web;
using System.Text.Json;

namespace Switchboard.Contract;

/// <summary>How this project writes JSON by hand.</summary>
internal static class WireJson
{
    /// <summary>
    /// The relaxed encoder leaves Chinese and quotes of other scripts readable and short; it still escapes U+0085, U+2028 and
    /// U+2029, which some event-stream clients take for line ends. Nothing written here is put into HTML.
    /// </summary>
    public static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };
}
