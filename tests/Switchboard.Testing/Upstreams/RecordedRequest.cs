using System.Text.Json;

namespace Switchboard.Testing;

/// <summary>A request as <see cref="FaultyUpstream"/> got it.</summary>
/// <param name="Connection">The number of the connection it came on, from 1.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">All headers; a repeated one as sent last.</param>
/// <param name="Body">The body as text.</param>
/// <param name="ClosedByClient">Completes when the client closes or resets the connection.</param>
internal sealed record RecordedRequest(
    int Connection, string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body, Task ClosedByClient)
{
    public JsonElement Json => JsonElement.Parse(Body);
}
