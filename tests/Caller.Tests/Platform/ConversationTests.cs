using System.Text.Json.Nodes;
using Caller.Platform;
using Caller.Wire;

namespace Caller.Tests.Platform;

public sealed class ConversationTests
{
    [Fact]
    public void Ask_FirstTurn_IsExactlyThePlatformsRequest()
    {
        var conversation = new Conversation(VoicePlatforms.Ims, new CallFacts("abc", "68e00b", "123") { UserData = "{\"aaaa\":\"bbbb\"}", Caller = "+1", Callee = "+2" }, historySync: false);

        Assert.Equal(
            """{"messages":[{"role":"user","content":"How is the weather?"}],"model":"abc","stream":true,"extendData":{"instanceId":"68e00b","channelId":"123","sentenceId":1,"userData":"{\"aaaa\":\"bbbb\"}","callerNumber":"+1","calleeNumber":"+2"}}""",
            conversation.Ask("How is the weather?").Text);
    }

    [Fact]
    public void Ask_ManyTurns_KeepsTheLatestTwentyRecordsAndCountsTurns()
    {
        var conversation = new Conversation(VoicePlatforms.Ims, new CallFacts("abc", "i", "c"), historySync: false);
        JsonObject body = [];
        for (var turn = 1; turn <= 15; turn++)
        {
            body = conversation.Ask($"question {turn}").Body;
            conversation.Answered($"answer {turn}");
        }

        var messages = (JsonArray)body["messages"]!;
        Assert.Equal(20, messages.Count);
        Assert.Equal("answer 5", messages[0]!["content"]!.GetValue<string>());
        Assert.Equal("question 15", messages[19]!["content"]!.GetValue<string>());
        Assert.Equal(15, body["extendData"]!["sentenceId"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(true, "We are<ims_agent_interrupted>")]
    [InlineData(false, "We are open from nine")]
    public void Interrupted_History_IsKeptAsThePlatformKeepsIt(bool historySync, string kept)
    {
        var conversation = new Conversation(VoicePlatforms.Ims, new CallFacts("abc", "i", "c"), historySync);
        conversation.Ask("When are you open?");

        conversation.Interrupted("We are open from nine", "We are");

        Assert.Equal(ChatRecord.Assistant(kept), conversation.Last);
    }
}
