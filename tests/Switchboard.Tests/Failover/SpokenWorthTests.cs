using Microsoft.Extensions.AI;
using Switchboard.Contract;
using Switchboard.Failover;

namespace Switchboard.Tests.Failover;

/// <summary>After which of its pieces there is enough of an answer for a platform to speak.</summary>
public sealed class SpokenWorthTests
{
    // The pieces, parted by |, and behind which of them there is enough.
    public static TheoryData<string, string> Answers => new()
    {
        { "We open at nine.|", "0" },
        { "We |open |at |nine|.| And| at ten!", "4 6" },
        { "Really|?|No|\n|Yes", "1 3" },
        { "それは|です。|はい|！", "1 3" },
        { "متى|؟| نعم", "1" },
        { "यह|।", "1" },
        { "It is 3.5| percent", "" },
        { "It is 3.| Then", "0" },
        { ".|.|.|…|!|\n|。", "" },
        { " |\t| |\u00a0", "" },
        { "A|.|.|.|.", "1" },
        { "one two three four five six seven eight nine ten eleven twelve and so on and on", "0" },
        { "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v,w,x,y,z", "" },
        { "我们明天早上九点钟开门一直到|晚上八点钟关门", "1" },
        { "мы открываемся завтра утром в девять часов и работаем до вечера без перерыва на обед", "0" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Take_Text_IsEnoughAtSentencesAndLengths(string pieces, string enough)
    {
        var worth = new SpokenWorth();
        List<int> found = [];
        foreach (var (index, piece) in pieces.Split('|').Index())
        {
            if (worth.Take(new ChatResponseUpdate(ChatRole.Assistant, piece)))
            {
                found.Add(index);
            }
        }

        Assert.Equal(enough, string.Join(' ', found));
    }

    [Fact]
    public void Take_OtherThanText_CountsOnlyWhereSomebodyIsAtWork()
    {
        var worth = new SpokenWorth();

        Assert.False(worth.Take(new ChatResponseUpdate()));
        Assert.False(worth.Take(new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("Let me think. Well.")])));
        Assert.False(worth.Take(new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails())])));
        Assert.True(worth.Take(ToolCallUnderWay.Create()));
        Assert.True(worth.Take(LambdaChatClient.Call("find")));
    }
}
