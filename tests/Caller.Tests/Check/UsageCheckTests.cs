using Caller.Check;

namespace Caller.Tests.Check;

public sealed class UsageCheckTests
{
    private const string Chinese = "您好，这里是极光酒店前台，请问有什么可以帮您的吗？";

    [Theory]
    [InlineData(25, 15, "Held")]
    [InlineData(25, 25, "Failed")]
    [InlineData(75, 75, "Failed")]
    [InlineData(15, 15, "Held")]
    public void TokensNotCharacters_Counts_AreSuspectOnlyIfAllAreLengths(int first, int second, string expected)
    {
        Assert.Equal((25, 75), (Chinese.Length, System.Text.Encoding.UTF8.GetByteCount(Chinese)));

        var verdict = Seen.Judge("usage.tokens-not-characters", Answer(ProbeNames.Usage, first), Answer(ProbeNames.UsageLonger, second));

        Assert.True(expected == verdict.Outcome.ToString(), $"{verdict}");
    }

    private static Probe Answer(string name, int tokens) => Seen.Stream(name, $$$"""
        data: {"choices":[{"index":0,"delta":{"content":"{{{Chinese}}}"},"finish_reason":"stop"}]}

        data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":{{{tokens}}},"total_tokens":{{{tokens + 7}}}}}

        data: [DONE]


        """);
}
