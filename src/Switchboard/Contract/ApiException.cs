using System.Text.Json;

namespace Switchboard.Contract;

/// <summary>
/// The one exception that becomes an error answer: HTTP status and the four fields of OpenAI's error object.
/// Its message goes to the client, so it names the field at fault and never quotes a key or what was said.
/// </summary>
/// <remarks>https://platform.openai.com/docs/guides/error-codes/api-errors</remarks>
public sealed class ApiException : Exception
{
    private const string NoAccess = "access_unavailable";
    private const string IsStopping = "server_stopping";

    private ApiException(int status, string type, string code, string? param, string message, Exception? cause = null, TimeSpan? retryAfter = null)
        : base(message, cause)
    {
        Status = status;
        Type = type;
        Code = code;
        Param = param;
        RetryAfter = retryAfter;
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
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether nobody was asked: the client is at fault (4xx), no keys are loaded, or the app is stopping. Such a turn counts as refused, not as failed.</summary>
    public bool IsRefusal => Status < 500 || Code is NoAccess or IsStopping;

    /// <summary>
    /// Whether the same request will fail again: one at fault does, and one that every upstream has found so. What was too much or too early, and what
    /// a responder or the network failed in, may be better the next time.
    /// </summary>
    internal bool IsFinal => Status is >= 400 and < 500 ? Status is not (408 or 429) : InnerException is ResponderException { BlamesRequest: true };

    public static ApiException InvalidJson(string message, string? param = null) => Refused(400, "invalid_json", message, param);

    public static ApiException InvalidValue(string param, string expected) => Refused(400, "invalid_value", $"Invalid value for '{param}': {expected}.", param);

    public static ApiException MissingParameter(string param) => Refused(400, "missing_required_parameter", $"Missing required parameter: '{param}'.", param);

    public static ApiException UnsupportedValue(string param, string supported) =>
        Refused(400, "unsupported_value", $"Unsupported value for '{param}': {supported}.", param);

    public static ApiException InvalidApiKey(string message) => Refused(401, "invalid_api_key", message);

    public static ApiException ModelNotFound() =>
        Refused(404, "model_not_found", "No model with the id in 'model' is configured, and there is no default model.", "model");

    public static ApiException NoSuchModel() => Refused(404, "model_not_found", "No model with this id is configured.", "model");

    public static ApiException TranscriptsOff() =>
        Refused(404, "transcripts_off", "No transcripts are kept: set Transcripts:TableServiceUri, or Transcripts:ConnectionString for a local run.");

    public static ApiException CallNotFound() => Refused(404, "call_not_found", "No turn of this call is stored.", "instanceId");

    public static ApiException CallbacksOff() => Refused(
        404, "callbacks_off", "No callbacks are taken: set Access:KeyVault:Uri, whose secret ims-callback-token then counts, or Access:CallbackTokens:0 for a local run.");

    public static ApiException ConsoleOff() => Refused(404, "console_off", "The console is off: set Console:Enabled to true to serve it.");

    public static ApiException RequestTimedOut() => Refused(408, "request_timeout", "The body did not arrive in time.");

    public static ApiException RequestTooLarge(long maxBytes) => Refused(413, "request_too_large", $"The body is larger than {maxBytes} bytes.");

    public static ApiException UnsupportedMediaType() =>
        Refused(415, "unsupported_media_type", "Send the body as 'Content-Type: application/json' in UTF-8.");

    public static ApiException UnsupportedEncoding() =>
        Refused(415, "unsupported_media_type", "Unsupported 'Content-Encoding': send gzip, br or deflate, at most three of them in a row, or none.");

    public static ApiException UnknownHost() =>
        Refused(421, "unknown_host", "This server answers only as localhost or 127.0.0.1. To use other names, list all of them in AllowedHosts, separated by semicolons.");

    internal static ApiException PublicKey() =>
        Refused(421, "unknown_host", "The request came through a tunnel or proxy, and this server takes the sample's API key, which is public. Set Access__ApiKeys__0 to a key of your own.");

    public static ApiException TooManyTurns(int limit) => OverLimit($"This instance has reached its limit of {limit} concurrent turns.", TimeSpan.FromSeconds(1));

    internal static ApiException TooManyTurnsOfKey(int limit) => OverLimit($"The keys with this one's name have reached their limit of {limit} concurrent turns.", TimeSpan.FromSeconds(1));

    public static ApiException TooManyBodies() => OverLimit("This instance is already holding too many large bodies.", TimeSpan.FromSeconds(1));

    public static ApiException TooManyRequests(int limit, TimeSpan retryAfter) => OverLimit($"This key may send at most {limit} requests per minute.", retryAfter);

    internal static ApiException TooManyRequestsOfName(int limit, TimeSpan retryAfter) =>
        OverLimit($"The keys with this one's name may send at most {limit} requests per minute together.", retryAfter);

    public static ApiException InternalError(Exception cause) =>
        Failed(500, "internal_error", "The server failed. Search its log for the x-request-id of this response.", cause);

    public static ApiException UpstreamFailed(Exception? cause = null) => Failed(502, "upstream_error", "The responder failed.", cause);

    public static ApiException AccessUnavailable(string message, TimeSpan retryAfter) => Failed(503, NoAccess, message, cause: null, retryAfter);

    // A second: behind a load balancer another instance answers at once, and nobody on a line waits for longer.
    public static ApiException Stopping() => Failed(503, IsStopping, "This instance is stopping. Ask again: another one answers.", cause: null, TimeSpan.FromSeconds(1));

    public static ApiException TranscriptsUnavailable(Exception cause) =>
        Failed(503, "transcripts_unavailable", "The transcripts are not available right now.", cause, TimeSpan.FromSeconds(5));

    public static ApiException UpstreamTimedOut(Exception? cause = null) => Failed(504, "upstream_timeout", "The responder did not answer in time.", cause);

    private static ApiException Refused(int status, string code, string message, string? param = null) => new(status, "invalid_request_error", code, param, message);

    private static ApiException OverLimit(string message, TimeSpan retryAfter) =>
        new(429, "rate_limit_error", "rate_limit_exceeded", param: null, message, cause: null, retryAfter);

    private static ApiException Failed(int status, string code, string message, Exception? cause, TimeSpan? retryAfter = null) =>
        new(status, "server_error", code, param: null, message, cause, retryAfter);
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
