using System.Globalization;
using System.Text.Json;

namespace Switchboard.Wire;

/// <summary>What an error inside an answer says that may be told on: never its message, which may quote the request.</summary>
/// <param name="Status">The HTTP status that its code stands for, if it is one.</param>
/// <param name="BlamesRequest">Whether it calls the request invalid.</param>
internal sealed record ErrorReport(int? Status, bool BlamesRequest)
{
    /// <summary>Reads the value of <c>error</c>: OpenAI's object, or a mere text.</summary>
    /// <param name="json">Stands on the value; afterwards on its end.</param>
    public static ErrorReport Read(ref Utf8JsonReader json)
    {
        int? status = null;
        var blamesRequest = false;
        if (json.TokenType is not JsonTokenType.StartObject)
        {
            json.Skip();
            return new ErrorReport(status, blamesRequest);
        }

        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("code"u8))
            {
                json.Read();
                status = ReadStatus(ref json);
            }
            else if (json.ValueTextEquals("type"u8))
            {
                blamesRequest = JsonText.ReadNext(ref json) is "invalid_request_error";
            }
            else
            {
                json.Skip();
            }
        }

        return new ErrorReport(status, blamesRequest);
    }

    // OpenAI has words for codes; vLLM, llama.cpp and OpenRouter write the HTTP status, as a number or as text.
    private static int? ReadStatus(ref Utf8JsonReader json)
    {
        var code = 0;
        if (json.TokenType is JsonTokenType.Number)
        {
            _ = json.TryGetInt32(out code);
        }
        else if (json.TokenType is JsonTokenType.String)
        {
            _ = int.TryParse(JsonText.Read(ref json), NumberStyles.None, CultureInfo.InvariantCulture, out code);
        }
        else
        {
            json.Skip();
        }

        return code is >= 400 and <= 599 ? code : null;
    }
}
