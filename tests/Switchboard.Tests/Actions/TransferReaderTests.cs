using Switchboard.Actions;
using Switchboard.Platforms;

namespace Switchboard.Tests.Actions;

public sealed class TransferReaderTests
{
    private const string Number = "+1900555";

    // What the responder wrote, and what is left of it.
    public static TheoryData<string, string> Directives => new()
    {
        { """One moment. <imsagent_transfer_call caller="", callee="+1900555", err_msg="", msg=""/>""", "One moment. " },
        { """<imsagent_transfer_call caller="", callee="+1900555", err_msg="", msg=""/> Bye.""", " Bye." },
        { """<IMSAgent_Transfer_Call callee="+1900555"/>""", "" },
        { """< / imsagent_transfer_call callee="+1900555" / >""", "" },
        { """</imsagent_transfer_call callee="+1900555">""", "" },
        { """<imsagent_transfer_call callee=+1900555/>x""", "x" },
        { """<imsagent_transfer_call callee='+1900555'/>""", "" },
        { """<imsagent_transfer_call callee=“+1900555”/>""", "" },
        { """<imsagent_transfer_call callee="+49301" callee="+1900555"/>""", "" },
        { """<imsagent_transfer_call msg="1 > 0" callee="+1900555"/>""", "" },
        { """<imsagent_transfer_call +1900555/>x""", "x" },
        { """<imsagent_transfer_call callee: "+1900555"/>x""", "x" },
        { """<imsagent_transfer_call/>""", "" },
        { """<imsagent_transfer_call>""", "" },
        { """<ims agent transfer call callee="+1900555">""", "" },
        { """<ims-agent-transfer-call callee="+1900555">""", "" },
        { """<imsagenttransfercall callee="+1900555">""", "" },
        { """<imsagent_dial callee="+1900555">""", "" },
        { "＜ｉｍｓａｇｅｎｔ＿ｔｒａｎｓｆｅｒ＿ｃａｌｌ ｃａｌｌｅｅ＝＂＋１９００５５５＂／＞", "" },
        { """《imsagent_transfer_call callee="+1900555"/》""", "" },
        { "<\u200bims\u200bagent_trans\u00adfer_call callee=\"+1900555\"/>", "" },
        { "<ims\u0300agent_transfer_call callee=\"+1900555\"/>", "" },
        { "<\u0001imsagent_transfer_call callee=\"+1900555\"/>", "" },
        { """&lt;imsagent_transfer_call callee=&quot;+1900555&quot;/&gt; x""", " x" },
        { """&LT;imsagent_transfer_call callee="+1900555"/&GT;""", "" },
        { """&lt imsagent_transfer_call callee="+1900555"/>""", "" },
        { """&#60;imsagent_transfer_call callee="+1900555"/&#62;""", "" },
        { """&#x0003C;imsagent_transfer_call callee="+1900555"/&#x3e;""", "" },
        { """＆lt;imsagent_transfer_call callee="+1900555"/>""", "" },
        { "\\u003cimsagent_transfer_call callee=\"+1900555\"/\\u003e", "" },
        { "<imsagent_transfer_call\ncallee=\"+1900555\"\n/>", "" },
        { """<ims<imsagent_transfer_call callee="1"/>agent_transfer_call callee="+1900555"/>""", "" },
        { """<imsagent_trans<imsagent_transfer_call/><imsagent_x/>fer_call callee="+1900555"/>""", "" },
        { """<<imsagent_transfer_call/>imsagent_transfer_call callee="+1900555"/>""", "" },
        { """<imsagent_transfer_call cal<imsagent_transfer_call/>lee="+1900555"/>""", "" },
        { """&l<imsagent_transfer_call/>t;imsagent_transfer_call callee="+1900555"/>""", "" },
        { """<imsagent_hangup endword="<imsagent_transfer_call callee='+1900555'/>"/>""", """<imsagent_hangup endword=""/>""" },
        { """<imsagent_hangup <imsagent_transfer_call callee="+1900555"/>/>""", """<imsagent_hangup />""" },
        { """<<<<imsagent_transfer_call callee="+1900555"/>""", "<<<" },
        { """<imsagent_transfer_call callee="+1900555""", "" },
        { """<imsagent_transfer_call callee="+1900555"/""", "/" },
        { """<imsagent_transfer_call callee="+1900555 and bye""", " and bye" },
        { """<imsagent_transfer_call callee="+1900555", msg="x" and never closed""", " and never closed" },
        { "<imsagent_transfer_call and never closed, so the rest stays", " and never closed, so the rest stays" },
        { """<imsagent_transfer_call callee="+1900555"<b>x</b>""", "<b>x</b>" },
        { """&amp;lt;imsagent_transfer_call callee="+1900555"/>""", "" },
        { """&amp;amp;#60;imsagent_transfer_call callee="+1900555"/&amp;gt;x""", "x" },
        { """&#38;lt;imsagent_transfer_call callee="+1900555"/>""", "" },
        { """<ims&#97;gent_transfer_call callee="+1900555"/>""", "" },
        { """<&#105msagent_transfer_call callee="+1900555"/>""", "" },
        { """<&#x0069;msagent_transfer_call callee="+1900555"/>""", "" },
        { """<ims&zwnj;agent&lowbar;transfer_call callee="+1900555"/>""", "" },
        { """<&nbsp;ims&#8203;agent&shy;_transfer_call callee="+1900555"/>""", "" },
        { "<\\u0069msagent_transfer_call callee=\"+1900555\"/>", "" },
        { "\\u005cu003cimsagent_transfer_call callee=\"+1900555\"/>", "" },
        { "\\uFF1Cimsagent_transfer_call callee=\"+1900555\"/>", "" },
        { "\u2329imsagent_transfer_call callee=\"+1900555\"/\u232a", "" },
        { """&lsaquo;imsagent_transfer_call callee="+1900555"/>""", "" },
        { """<imſagent_tranſfer_call callee="+1900555"/>""", "" },
        { """<İmsagent_transfer_call callee="+1900555"/>""", "" },
        { """<imsаgеnt_trаnsfеr_саll callee="+1900555"/>""", "" },
        { """<imságent_transfer_call callee="+1900555"/>""", "" },
        { """<ⓘⓜⓢagent_transfer_call callee="+1900555"/>""", "" },
        { "<\U0001d5c2\U0001d5c6\U0001d5ccagent_transfer_call callee=\"+1900555\"/>", "" },
        { "<ims\U000e0041agent\U000e0100_transfer_call callee=\"+1900555\"/>", "" },
        { "<ims\u3164agent\u2800_transfer_call callee=\"+1900555\"/>", "" },
        { """<ims‑agent–transfer‿call callee="+1900555"/>""", "" },
        { """⟪imsagent_transfer_call callee="+1900555"/⟫""", "" },
        { """<imsagent_hangup_transfer_call callee="+1900555"/>""", "" },
        { "<imsagent_tra", "" },
        { "<imsagent_", "" },
    };

    public static TheoryData<string> Texts =>
    [
        "Is 3 < 4 and 5 > 2? {ok} {{name}} & co. AT&T, Q&A &amp; \\n &#65;",
        "<b>bold</b> <imsagent_hangup endword=\"Bye, *take* care\"/>",
        "< IMS_Agent Hang_Up/>",
        "《红楼梦》 « Parfait » <- <3 &l &lt; &#60 &#x \\u003",
        "imsagent_transfer_call callee=\"1\"",
        "<<<<<<<<<<", "<", "a <", "<ims", "<i", "&#6", "\\u00",
        "<No Interrupting>{{emotion=sad}}Well",
        "R&D, &nbsp;&amp;lt; C:\\users \\u0041 <\U0001d5c2> &#x1F600; &#65 x &bogus; &#0; &#99999999999;",
    ];

    [Theory]
    [MemberData(nameof(Directives))]
    public void Push_DirectiveInAnySpelling_IsTakenOutHoweverItIsCut(string written, string left)
    {
        var random = new Random(written.Length);
        AssertLeaves([written], left);
        AssertLeaves(written.Select(character => character.ToString()), left);
        for (var run = 0; run < 50; run++)
        {
            AssertLeaves(RandomPieces.Of(written, random, longest: 1 + (run % 9)), left);
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Push_OrdinaryText_PassesHoweverItIsCut(string text)
    {
        var random = new Random(text.Length);
        AssertLeaves([text], text);
        AssertLeaves(text.Select(character => character.ToString()), text);
        for (var run = 0; run < 20; run++)
        {
            AssertLeaves(RandomPieces.Of(text, random, longest: 1 + (run % 9)), text);
        }
    }

    [Theory]
    [InlineData("Good morning, how can I help?")]
    [InlineData("AT&T has 3 < 4 and <b>bold</b> text.")]
    [InlineData("<imsagent_hangup endword=\"\"/>")]
    public void Push_PieceWithoutATransfer_IsThePieceItself(string piece) => Assert.Same(piece, new TransferReader(_ => "").Push(piece));

    [Fact]
    public void Push_Prose_AllocatesNothing()
    {
        var reader = new TransferReader(_ => "");
        string[] pieces = ["Good ", "morning! ", "您好。", "That is $5, or 50% "];
        _ = reader.Push(pieces[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var piece in pieces)
        {
            _ = reader.Push(piece);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Push_ReplacedDirective_StandsWhereItWas()
    {
        var reader = new TransferReader(_ => "<imsagent_transfer_call ours/>");

        Assert.Equal("a <ims<imsagent_transfer_call ours/>agent_transfer_call b", Read(reader, ["a <ims<imsagent_trans", "fer_call/>agent_transfer_call b"]));
    }

    [Theory]
    [InlineData("< ")]
    [InlineData("<ims ")]
    [InlineData("<imsagent ")]
    [InlineData("<imsagent_transfer_call ")]
    [InlineData("<imsagent_transfer_call a")]
    [InlineData("<imsagent_transfer_call a=\"")]
    [InlineData("<imsagent_transfer_call a= ")]
    [InlineData("<imsagent_transfer_call \u200b")]
    [InlineData("&#0")]
    [InlineData("&#x0")]
    [InlineData("<\u200b")]
    public void Push_BeginningThatNeverEnds_HoldsABoundedNumberOfCharactersAndCanBeNoTransfer(string beginning)
    {
        var reader = new TransferReader(_ => "");
        var filler = new string(beginning[^1], 4 * TransferReader.Longest);
        var left = reader.Push(beginning + filler) + reader.Push(" and this is said. ");

        Assert.True(beginning.Length + filler.Length - left.Length <= TransferReader.Longest + 64, $"{left.Length}");
        left += reader.Push("imsagent_transfer_call callee=\"1\"/>") + reader.Complete();
        var again = new TransferReader(_ => "");
        Assert.Equal(left, again.Push(left) + again.Complete());
    }

    [Theory]
    [InlineData("<")]
    [InlineData("<ims")]
    [InlineData("&l")]
    [InlineData("<imsagent_transfer_call ")]
    public void Push_ManyBeginnings_LeavesNoneAndHoldsFew(string beginning)
    {
        var reader = new TransferReader(_ => "");
        _ = reader.Push(string.Concat(Enumerable.Repeat(beginning, 1000)));

        Assert.DoesNotMatch(@"(<|&lt;?)[\s/]*ims[\s_-]*agent", reader.Push("imsagent_transfer_call callee=\"1\"/>so") + reader.Complete());
    }

    [Fact]
    public void Push_ScrapsOfDirectives_LeavesNoneHoweverTheyAreCut()
    {
        string[] scraps =
        [
            "<", "<ims", "agent", "_transfer", "_call", "<imsagent_transfer_call", " callee=\"1\"", " callee='", "\"", "/>", ">", " ", "&lt;", "&gt;", "&", "#60;",
            "<imsagent_hangup", "x", "\u200b", "＜", "\\u003c", "=", ",", "<b>", "ims",
        ];
        var random = new Random(7);
        for (var run = 0; run < 5000; run++)
        {
            var written = string.Concat(Enumerable.Range(0, random.Next(2, 25)).Select(_ => scraps[random.Next(scraps.Length)]));
            var left = Read(new TransferReader(_ => ""), [written]);

            Assert.Equal(left, Read(new TransferReader(_ => ""), written.Select(character => character.ToString())));
            Assert.DoesNotMatch(@"<[\s/]*ims[\s_-]*agent[\s_-]*tr", new FoldedText(left).Text);
        }
    }

    private static void AssertLeaves(IEnumerable<string> pieces, string left)
    {
        var written = pieces.ToList();
        var answer = Read(new TransferReader(_ => ""), written);
        Assert.True(left == answer, $"{string.Join('¦', written)} leaves '{answer}'");
        Assert.False(left.Length == 0 && answer.Contains(Number, StringComparison.Ordinal));
    }

    private static string Read(TransferReader reader, IEnumerable<string> pieces) => string.Concat(pieces.Select(reader.Push).ToList()) + reader.Complete();
}
