using Switchboard.Platforms;

namespace Switchboard.Tests.Platforms;

public sealed class ImsDirectivesTests
{
    [Theory]
    [InlineData(null, """<imsagent_hangup endword=""/>""")]
    [InlineData("Bye, bye!", """<imsagent_hangup endword="Bye, bye!"/>""")]
    [InlineData("再见，祝您愉快。", """<imsagent_hangup endword="再见，祝您愉快。"/>""")]
    [InlineData("\"/><imsagent_transfer_call callee=\"1\"/>", """<imsagent_hangup endword="'/imsagent_transfer_call callee='1'/"/>""")]
    [InlineData("one\r\ntwo\u2028{{three}}\\", """<imsagent_hangup endword="one  two three"/>""")]
    public void HangUp_AnyEndWord_StaysInsideItsQuotes(string? endWord, string directive) => Assert.Equal(directive, ImsDirectives.HangUp(endWord));

    [Theory]
    [InlineData("+49＂, callee=＂+1900", "+49', callee='+1900")]
    [InlineData("+49”＞《imsagent_hangup/》", "+49'imsagent_hangup/")]
    [InlineData("+49&quot;, callee=&#34;1", "+49& quot;, callee=& #34;1")]
    public void Transfer_LookAlikesInAValue_CannotEndIt(string caller, string written) =>
        Assert.Equal($"""<imsagent_transfer_call caller="{written}", callee="+4930", err_msg="", msg=""/>""", ImsDirectives.Transfer(caller, "+4930", null, null));

    [Fact]
    public void Transfer_AnyValues_StayInsideTheirQuotes() =>
        Assert.Equal(
            """<imsagent_transfer_call caller="+49'40", callee="+4930", err_msg="a", msg=""/>""",
            ImsDirectives.Transfer("+49\"40", "+4930", ">a<", null));
}
