using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Tests.Conformance;

/// <summary>The request of the IMS real-time workflow, as its manual prints it, once made valid JSON.</summary>
public sealed class PlatformRequestTests
{
    [Theory]
    [InlineData("3")]
    [InlineData("\"3\"")]
    public async Task Post_DocumentedRequest_ReachesTheResponderWhole(string sentenceId)
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, new Dictionary<string, string?> { ["Models:1:Id"] = "abc" });
        responder.Say("It will rain.");
        responder.End();
        using var response = await host.PostAsync(
            $$"""
            {
              "messages": [
                {"role": "user", "content": "How is the weather today?"},
                {"role": "assistant", "content": "The weather is sunny today."},
                {"role": "user", "content": "How will the weather be tomorrow?"}
              ],
              "model": "abc",
              "stream": true,
              "extendData": {"instanceId": "68e00b6640e*****3e943332fee7", "channelId": "123", "sentenceId": {{sentenceId}}, "userData": "{\"aaaa\":\"bbbb\"}"}
            }
            """,
            "/v1/chat/completions?task_id=task-1&room_id=room-1");
        using var stream = await EventReader.OpenAsync(response);

        Assert.Equal("[DONE]", (await stream.RestAsync())[^1]);
        Assert.Equal(
            [(ChatRole.User, "How is the weather today?"), (ChatRole.Assistant, "The weather is sunny today."), (ChatRole.User, "How will the weather be tomorrow?")],
            responder.Messages.Select(message => (message.Role, message.Text)));
        var call = CallContext.From(responder.Options);
        Assert.Equal(
            new CallContext
            {
                Platform = "ims",
                InstanceId = "68e00b6640e*****3e943332fee7",
                ChannelId = "123",
                SentenceId = "3",
                UserData = """{"aaaa":"bbbb"}""",
                TaskId = "task-1",
                RoomId = "room-1",
            },
            call);
        Assert.Equal("bbbb", call.ParseUserData()?.GetProperty("aaaa").GetString());
    }
}
