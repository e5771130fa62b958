using System.ClientModel;
using System.Text;
using System.Text.RegularExpressions;
using OpenAI;
using OpenAI.Chat;

namespace Switchboard.Tests.Turn;

/// <summary>Comments that keep a silent stream alive.</summary>
public sealed class KeepAliveTests
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(5);

    private const string Comment = ": keep-alive\n\n";

    // So many are still before the deadline of the first word.
    private const int MaxTicks = 8;

    private static readonly (string, string)[] Settings =
        [("/Limits:KeepAlive", $"{KeepAlive}"), ("FirstSpeech:Deadline", "00:01:00"), ("StallTimeout", "00:01:00")];

    [Fact]
    public async Task Post_SilenceBeforeTheFirstByte_IsKeptAliveAndAFailureIsAnEvent()
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder, Settings);
        var posting = rig.PostAsync();
        await responder.Asked;

        rig.Time.Advance(KeepAlive - TimeSpan.FromMilliseconds(1));
        Assert.False(posting.IsCompleted);
        // A tick may find the turn still on its way to waiting, on a busy machine more than one; then the next one writes.
        rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        await WaitForTimerAsync(rig);
        var ticks = 1;
        do
        {
            rig.Time.Advance(KeepAlive);
            await WaitForTimerAsync(rig);
            // Ends with the answer; where none comes the tick was too early, and so much later the turn waits, however busy the machine is.
            await Task.WhenAny(posting, Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, TestContext.Current.CancellationToken));
        }
        while (!posting.IsCompleted && ++ticks < MaxTicks);

        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadCommentAsync();
        rig.Time.Advance(KeepAlive);
        await WaitForTimerAsync(rig);
        responder.Fail(new InvalidOperationException());

        var answer = await reader.ReadToEndAsync();
        Assert.Equal((200, "", false, "upstream_error"), (answer.Status, answer.Text, answer.IsDone, answer.ErrorCode));
        Assert.Equal(
            """
            data: {"id":"chatcmpl-ID","object":"chat.completion.chunk","created":1795435200,"model":"voice","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

            : keep-alive

            data: {"error":{"message":"The responder failed.","type":"server_error","param":null,"code":"upstream_error"}}


            """,
            Regex.Replace(EventReader.WithoutIds(reader.Raw), $"(?:{Comment})+", Comment));
        Assert.InRange(reader.Raw.Split(Comment).Length - 1, 2, ticks + 2);
    }

    [Fact]
    public async Task Post_SilenceInTheAnswer_IsKeptAlive()
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder, Settings);
        responder.Say("Hello ");
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync());
        await reader.ReadTextAsync("Hello ");

        rig.Advance(KeepAlive, before: () => Assert.DoesNotContain(":", reader.Raw.Split('\n').Select(line => line[..Math.Min(1, line.Length)])));
        await reader.ReadCommentAsync();
        responder.Say("there.");
        responder.End();

        (await reader.ReadToEndAsync()).AssertSays("Hello there.");
        Assert.Single(reader.Raw.Split('\n'), ": keep-alive");
    }

    [Fact]
    public async Task Post_PiecesKeepFlowing_NeedsNone()
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder, Settings);
        var text = "";
        responder.Say("0");
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync());
        for (var piece = 0; piece < 6; piece++)
        {
            await reader.ReadTextAsync(text += $"{piece}");
            rig.Time.Advance(KeepAlive - TimeSpan.FromSeconds(1));
            responder.Say($"{piece + 1}");
        }

        responder.End();

        (await reader.ReadToEndAsync()).AssertSays("0123456");
        Assert.DoesNotContain(": keep-alive", reader.Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_NotStreamed_HasNone()
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder, Settings);
        var posting = rig.PostAsync(stream: false);
        await responder.Asked;

        rig.Time.Advance(3 * KeepAlive);
        responder.Say("Hello.");
        responder.End();

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertSays("Hello.");
    }

    [Fact]
    public async Task OpenAIPackage_KeptAlive_ReadsTheAnswer()
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder, Settings);
        var client = new ChatClient("voice", new ApiKeyCredential(TestHost.Key), new OpenAIClientOptions { Endpoint = new Uri(rig.Host.Address, "v1") });
        var text = new StringBuilder();
        var reading = ReadAsync();
        await responder.Asked;
        rig.Time.Advance(KeepAlive);
        // The timer is set anew when its comment is out.
        await WaitForTimerAsync(rig);
        responder.Say("Hello ");
        responder.Say("there.");
        responder.End();

        await reading;
        Assert.Equal("Hello there.", text.ToString());

        async Task ReadAsync()
        {
            await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage("Hello")], cancellationToken: TestContext.Current.CancellationToken))
            {
                text.AppendJoin("", update.ContentUpdate.Select(part => part.Text));
            }
        }
    }

    private static Task WaitForTimerAsync(TurnRig rig) => rig.Time.WaitForChangeAsync(KeepAlive, TestContext.Current.CancellationToken);
}
