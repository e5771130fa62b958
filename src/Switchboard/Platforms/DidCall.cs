namespace Switchboard.Platforms;

/// <summary>
/// The call of a request of a D-ID agent: the person in a header, else <c>user</c>. Nothing tells two conversations of one person apart; it is a guess
/// from public servers that a person has one at a time.
/// </summary>
/// <remarks>https://docs.d-id.com/docs/custom-llms</remarks>
internal static class DidCall
{
    private const string Name = "d-id";
    private const string Agent = "X-DID-AGENT-ID";
    private const string Person = "X-DID-DISTINCT-ID";

    public static Dialect Dialect { get; } = new(Name)
    {
        Recognises = request => request.Header(Agent) is not null || request.Header(Person) is not null,
        Read = request =>
        {
            var person = request.Header(Person) ?? request["user"u8].Text();
            return new()
            {
                Platform = Name,
                InstanceId = person,
                UserData = request["options"u8].Data(),
                UserId = person,
                AgentId = request.Header(Agent),
            };
        },
        Ids = [(Person, call => call.InstanceId), (Agent, call => call.AgentId)],
    };
}
