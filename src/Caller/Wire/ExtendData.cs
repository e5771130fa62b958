using System.Text.Json.Nodes;

namespace Caller.Wire;

/// <summary>What the real-time workflow says about the call beside OpenAI's fields.</summary>
/// <param name="InstanceId">The call.</param>
/// <param name="ChannelId">The channel of the call.</param>
/// <param name="SentenceId">The turn; a number in the manual's table, a string in its sample.</param>
/// <param name="UserData">What was passed when the call was started: JSON inside a string.</param>
/// <param name="CallerNumber">Only on phone calls.</param>
/// <param name="CalleeNumber">Only on phone calls.</param>
internal sealed record ExtendData(
    string InstanceId,
    string ChannelId,
    int SentenceId,
    string? UserData = null,
    string? CallerNumber = null,
    string? CalleeNumber = null)
{
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["instanceId"] = InstanceId,
            ["channelId"] = ChannelId,
            ["sentenceId"] = SentenceId,
        };
        AddIfGiven(json, "userData", UserData);
        AddIfGiven(json, "callerNumber", CallerNumber);
        AddIfGiven(json, "calleeNumber", CalleeNumber);
        return json;
    }

    private static void AddIfGiven(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}
