using Caller.Platform;

namespace Caller.Tests.Platform;

public sealed class DirectiveScannerTests
{
    [Theory]
    [InlineData("Bye.<imsagent_hangup endword=\"Good day\"/>", "HangUp", "Bye.")]
    [InlineData("One moment <imsagent_transfer_call caller=\"1\", callee=\"2\", err_msg=\"e\", msg=\"m\"/>", "Transfer", "One moment ")]
    [InlineData("<no interrupting>Listen.", "NoInterrupting", "Listen.")]
    [InlineData("{{emotion=happy}}Great!", "Emotion", "Great!")]
    [InlineData("<imsagent_dance/>", "Unknown", "")]
    [InlineData("<imsagent_hangup endword=\"x\"", "Unknown", "")]
    [InlineData("<imsagent_hangup>", "Unknown", "")]
    public void Push_AnyCutting_FindsTheDirectiveAndTheSpeech(string text, string kind, string spoken)
    {
        for (var size = 1; size <= text.Length; size++)
        {
            var scanner = new DirectiveScanner();

            var found = text.Chunk(size).SelectMany(piece => scanner.Push(new string(piece))).ToList();
            found.AddRange(scanner.Complete());

            Assert.Equal(spoken, string.Concat(found.Select(speech => speech.Text)));
            Assert.Equal(kind, Assert.Single(found, speech => speech.Directive is not null).Directive!.Kind.ToString());
        }
    }

    [Fact]
    public void Push_OrdinaryText_IsNotHeldBack()
    {
        var scanner = new DirectiveScanner();

        Assert.Equal("a < b, {{name}} and <i>so</i>", string.Concat(scanner.Push("a < b, {{name}} and <i>so</i>").Select(speech => speech.Text)));
        Assert.Empty(scanner.Complete());
    }
}
