using System.Text;
using System.Text.Json.Nodes;

namespace Caller.Tests.Servers;

/// <summary>
/// How a fixture server behaves. The default conforms in every respect; a broken server is this with one thing changed.
/// </summary>
public sealed record ServerBehaviour
{
    public const string Key = "right-key-1234";

    public const string Model = "abc";

    /// <summary>Looks at the Authorization header; null lets the request in.</summary>
    public Func<string?, Refusal?> Authorize { get; init; } = header =>
        header is not null && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && header["Bearer ".Length..] == Key
            ? null : new Refusal(401, "invalid_api_key", "The API key is missing or wrong.");

    /// <summary>Looks at the parsed body; null finds nothing wrong.</summary>
    public Func<JsonObject, Refusal?> Validate { get; init; } = Conforming.Validate;

    /// <summary>Puts the answer into chunks.</summary>
    public Func<AskedTurn, IEnumerable<JsonObject>> Chunks { get; init; } = Conforming.Chunks;

    /// <summary>Puts chunks into the text of the event stream, one string per flush.</summary>
    public Func<AskedTurn, IReadOnlyList<JsonObject>, IEnumerable<string>> Frames { get; init; } = (_, chunks) => Conforming.Frames(chunks);

    /// <summary>Sets the headers of a streamed answer.</summary>
    public Action<HttpResponse> Headers { get; init; } = Conforming.Headers;

    /// <summary>Turns a frame into bytes.</summary>
    public Func<string, byte[]> Encode { get; init; } = Encoding.UTF8.GetBytes;

    /// <summary>Writes the frames.</summary>
    public Func<HttpContext, IEnumerable<byte[]>, Task> Write { get; init; } = Conforming.WriteAsync;

    /// <summary>Writes an error answer.</summary>
    public Func<HttpContext, Refusal, Task> Refuse { get; init; } = Conforming.RefuseAsync;

    /// <summary>Writes the answer that is not streamed.</summary>
    public Func<HttpContext, AskedTurn, Task> Unstreamed { get; init; } = Conforming.UnstreamedAsync;

    /// <summary>Goes around the whole request; calls the inner handler or not.</summary>
    public Func<HttpContext, Func<Task>, Task> Around { get; init; } = (_, inner) => inner();

    /// <summary>Runs what answers a valid turn, after it was read.</summary>
    public Func<HttpContext, AskedTurn, Func<Task>, Task> AroundTurn { get; init; } = (_, _, inner) => inner();

    /// <summary>Sets the headers of the list of models.</summary>
    public Action<HttpContext> List { get; init; } = context => context.Response.Headers.AccessControlAllowOrigin = "*";

    /// <summary>As this, with each chunk changed by the function, which is given its position from 0.</summary>
    public ServerBehaviour EachChunk(Action<JsonObject, int> change) => this with
    {
        Chunks = turn => Chunks(turn).Select((chunk, index) =>
        {
            change(chunk, index);
            return chunk;
        }),
    };

    /// <summary>As this, with the delta of each content or tool chunk changed.</summary>
    public ServerBehaviour EachDelta(Action<JsonObject> change) => EachChunk((chunk, _) =>
    {
        if (chunk["choices"] is JsonArray { Count: > 0 } choices && choices[0]!["delta"] is JsonObject delta)
        {
            change(delta);
        }
    });

    /// <summary>As this, with each entry of tool_calls changed.</summary>
    public ServerBehaviour EachToolCall(Action<JsonObject> change) => EachDelta(delta =>
    {
        if (delta["tool_calls"] is JsonArray calls)
        {
            foreach (var call in calls)
            {
                change((JsonObject)call!);
            }
        }
    });
}
