using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Switchboard.Contract;

/// <summary>
/// The one exception that becomes an error answer: HTTP status and the four fields of OpenAI's error object.
/// Its message goes to the client, so it names the field at fault and never quotes a key or what was said.
/// </summary>
/// <remarks>https://platform.openai.com/docs/guides/error-codes/api-errors</remarks>
public sealed class ApiException : Exception
{
    private const string InvalidRequest = "invalid_request_error";
    private const string ServerError = "server_error";
    private const string RateLimit = "rate_limit_error";
    private const string NoAccess = "access_unavailable";

    private ApiException(int status, string type, string code, string? param, string message, Exception? cause = null)
        : base(message, cause)
    {
        Status = status;
        Type = type;
        Code = code;
        Param = param;
    }

    /// <summary>The HTTP status of the answer.</summary>
    public int Status { get; }

    /// <summary>The class of the error, OpenAI's <c>error.type</c>.</summary>
    public string Type { get; }

    /// <summary>What went wrong, OpenAI's <c>error.code</c>.</summary>
    public string Code { get; }

    /// <summary>The path of the field at fault, such as <c>messages[2].role</c>; null when no field is.</summary>
    public string? Param { get; }

    /// <summary>How long the client should wait before it asks again; null when waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Whether nobody was asked: the client is at fault (4xx), or no keys are loaded. Such a turn counts as refused, not as failed.</summary>
    public bool IsRefusal => Status < StatusCodes.Status500InternalServerError || Code == NoAccess;

    public static ApiException InvalidJson(string message, string? param = null) =>
        new(StatusCodes.Status400BadRequest, InvalidRequest, "invalid_json", param, message);

    public static ApiException RequestTimedOut() =>
        new(StatusCodes.Status408RequestTimeout, InvalidRequest, "request_timeout", null, "The body did not arrive in time.");

    public static ApiException InvalidValue(string param, string expected) =>
        new(StatusCodes.Status400BadRequest, InvalidRequest, "invalid_value", param, $"Invalid value for '{param}': {expected}.");

    public static ApiException MissingParameter(string param) =>
        new(StatusCodes.Status400BadRequest, InvalidRequest, "missing_required_parameter", param, $"Missing required parameter: '{param}'.");

    public static ApiException UnsupportedValue(string param, string supported) =>
        new(StatusCodes.Status400BadRequest, InvalidRequest, "unsupported_value", param, $"Unsupported value for '{param}': {supported}.");

    public static ApiException InvalidApiKey(string message) =>
        new(StatusCodes.Status401Unauthorized, InvalidRequest, "invalid_api_key", null, message);

    public static ApiException ModelNotFound() =>
        new(StatusCodes.Status404NotFound, InvalidRequest, "model_not_found", "model", "No model is configured under the id in 'model', and no model is the default.");

    public static ApiException TranscriptsOff() =>
        new(StatusCodes.Status404NotFound, InvalidRequest, "transcripts_off", null,
            "No transcripts are kept: set Transcripts:TableServiceUri, or Transcripts:ConnectionString for a local run.");

    public static ApiException CallNotFound() =>
        new(StatusCodes.Status404NotFound, InvalidRequest, "call_not_found", "instanceId", "No turn of this call is stored.");

    public static ApiException ConsoleOff() =>
        new(StatusCodes.Status404NotFound, InvalidRequest, "console_off", null, "The console is off: set Console:Enabled to true to serve it.");

    public static ApiException UnknownHost() =>
        new(StatusCodes.Status421MisdirectedRequest, InvalidRequest, "unknown_host", null,
            "This server answers as localhost or 127.0.0.1; for other names list all of them in AllowedHosts, with semicolons between.");

    public static ApiException RequestTooLarge(long maxBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, InvalidRequest, "request_too_large", null, $"The body is larger than {maxBytes} bytes.");

    public static ApiException UnsupportedMediaType() =>
        new(StatusCodes.Status415UnsupportedMediaType, InvalidRequest, "unsupported_media_type", null, "Send the body as 'Content-Type: application/json' in UTF-8.");

    public static ApiException UnsupportedEncoding() =>
        new(StatusCodes.Status415UnsupportedMediaType, InvalidRequest, "unsupported_media_type", null, "Send the body as it is, without 'Content-Encoding'.");

    public static ApiException TooManyTurns(int limit) =>
        new(StatusCodes.Status429TooManyRequests, RateLimit, "rate_limit_exceeded", null, $"This instance already answers {limit} turns at once.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    public static ApiException TooManyBodies() =>
        new(StatusCodes.Status429TooManyRequests, RateLimit, "rate_limit_exceeded", null, "This instance reads too many large bodies at once.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    public static ApiException TooManyRequests(int limit, TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, RateLimit, "rate_limit_exceeded", null, $"This key may send {limit} requests a minute.") { RetryAfter = retryAfter };

    public static ApiException AccessUnavailable(string message, TimeSpan retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, ServerError, NoAccess, null, message) { RetryAfter = retryAfter };

    public static ApiException TranscriptsUnavailable(Exception cause) =>
        new(StatusCodes.Status503ServiceUnavailable, ServerError, "transcripts_unavailable", null, "The transcripts cannot be reached now.", cause)
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static ApiException InternalError(Exception cause) =>
        new(StatusCodes.Status500InternalServerError, ServerError, "internal_error", null, "The server failed. Its log says where, under the x-request-id of this answer.", cause);

    public static ApiException UpstreamFailed(Exception? cause = null) =>
        new(StatusCodes.Status502BadGateway, ServerError, "upstream_error", null, "The responder failed.", cause);

    public static ApiException UpstreamTimedOut(Exception? cause = null) =>
        new(StatusCodes.Status504GatewayTimeout, ServerError, "upstream_timeout", null, "The responder did not answer in time.", cause);
}

/// <summary>Writes OpenAI's error envelope; its four fields are always there.</summary>
internal static class ErrorJson
{
    public static void Write(Utf8JsonWriter json, ApiException error)
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, error.Message);
        json.WriteString("type"u8, error.Type);
        json.WriteString("param"u8, error.Param);
        json.WriteString("code"u8, error.Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
