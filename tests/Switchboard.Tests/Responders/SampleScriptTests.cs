using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Testing;
using Switchboard.Responders;

namespace Switchboard.Tests.Responders;

/// <summary>The worked example of a script: the model <c>reception</c> of the repository's <c>switchboard.json</c>.</summary>
public sealed class SampleScriptTests
{
    private const string Goodbye = "Thank you for calling. Goodbye!";
    private const string Opening = "The reception is open every day from six in the morning to eleven at night.";
    private const string Greeting = "Hello, this is the reception of Hotel Aurora. How can I help you?";
    private const string Offer = "I can tell you about our opening hours and our meals. What would you like to know?";

    private static readonly ScriptRule[] Rules = [.. ReadRules()];

    public static TheoryData<string, string> Conversation => new()
    {
        { "", Greeting },
        { "Good evening!", Greeting },
        { "That is all, bye", Goodbye },
        { "okay goodbye then", Goodbye },
        { "That's all, thank you.", Goodbye },
        { "Please hang up now.", Goodbye },
        { "Is that all?", Offer },
        { "I would like to hang up my coat, when is breakfast?", Meal("breakfast") },
        { "I say hi to dinner", Meal("dinner") },
        { "Hello, what are your opening hours?", Opening },
        { "When does the reception close?", Opening },
        { "Are you open on Sundays?", Opening },
        { "are you close to the station", Offer },
        { "When I arrive, are you close to the station?", Offer },
    };

    [Theory]
    [MemberData(nameof(Conversation))]
    public async Task GetResponse_WhatACallerSays_IsAnsweredBySense(string heard, string reply)
    {
        var logger = new FakeLogger<ScriptedChatClient>();
        var response = await new ScriptedChatClient("reception", Rules, logger)
            .GetResponseAsync([new ChatMessage(ChatRole.User, heard)], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(reply, response.Text);
        Assert.Equal(reply == Goodbye, response.FinishReason == ChatFinishReason.ToolCalls);
        Assert.Empty(logger.Collector.GetSnapshot());
    }

    [Fact]
    public void Conversation_Replies_ComeFromEveryRule() =>
        Assert.Equal(Rules.Length, Conversation.Select(row => row.Data.Item2.Replace("dinner", "breakfast", StringComparison.Ordinal)).Distinct().Count());

    private static string Meal(string name) => $"Yes, {name} is served in the garden room on the ground floor.";

    private static IEnumerable<ScriptRule> ReadRules()
    {
        var values = SampleHost.Settings;
        for (var index = 0; values.ContainsKey($"Models:1:Script:{index}:Say"); index++)
        {
            yield return new ScriptRule
            {
                When = values.GetValueOrDefault($"Models:1:Script:{index}:When"),
                Say = values.GetValueOrDefault($"Models:1:Script:{index}:Say"),
                Do = values.GetValueOrDefault($"Models:1:Script:{index}:Do"),
            };
        }
    }
}
