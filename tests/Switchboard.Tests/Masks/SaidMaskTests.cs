using Switchboard.Masks;

namespace Switchboard.Tests.Masks;

/// <summary>Numbers in words, in each of the languages.</summary>
public sealed class SaidMaskTests
{
    private static readonly NumberMask None = new([]);

    [Theory]
    // English
    [InlineData("my number is oh seven seven hundred nine hundred one two three", "my number is [phone]")]
    [InlineData("it's four fifteen, five fifty-five, twenty-six seventy-one, thanks", "it's [phone], thanks")]
    [InlineData("eight hundred five five five zero one double nine", "[phone]")]
    [InlineData("two hundred and twelve five five five treble zero one", "[phone]")]
    [InlineData("forty-two forty two forty-two forty-two forty-two forty-two forty-two forty-two", "[card]")]
    // German
    [InlineData("null hundertsechsundsiebzig zwölf vierunddreißig sechsundfünfzig", "[phone]")]
    [InlineData("null achthundert drei drei null eins null null null", "[phone]")]
    [InlineData("Null hundert sechsundsiebzig, zwoelf, vier und dreissig, fuenfundfuenfzig bitte", "[phone] bitte")]
    [InlineData("null eins sieben einhundertdreiundzwanzig vierhundertundfünf doppel null", "[phone]")]
    // French
    [InlineData("mon numéro est le zéro six douze trente-quatre cinquante-six soixante-dix-huit", "mon numéro est le [phone]")]
    [InlineData("zero six quatre vingt douze, soixante et onze, vingt et un, quatre-vingt-dix-neuf merci", "[phone] merci")]
    [InlineData("Zéro quatre vingt-cinq septante-deux nonante et un huitante-trois", "[phone]")]
    [InlineData("zéro huit cent deux cent douze cent vingt-trois", "[phone]")]
    [InlineData("plus trente-trois six douze trente-quatre cinquante-six soixante-dix-huit", "[phone]")]
    [InlineData("dix-sept trente-quatre cinquante-six double zéro", "[phone]")]
    [InlineData("pour ma commande, c'est le zéro six douze trente-quatre cinquante-six soixante-dix-huit", "pour ma commande, c'est le [phone]")]
    [InlineData("rappelez pour la commande le zéro six douze trente-quatre cinquante-six soixante-dix-huit", "rappelez pour la commande le [phone]")]
    // Spanish
    [InlineData("mi número es seis doce treinta y cuatro cincuenta y seis setenta y ocho", "mi número es [phone]")]
    [InlineData("seiscientos doce trescientos cuarenta y cinco ciento noventa y ocho", "[phone]")]
    [InlineData("seiscientos doce, setecientos cuarenta y cinco, ochocientos noventa", "[phone]")]
    [InlineData("seis dieciséis veintidós veintitres ochenta y uno, gracias", "[phone], gracias")]
    [InlineData("nueve uno cinco doble cero treintaicinco veinte", "[phone]")]
    // Italian
    [InlineData("il mio numero è tre tre tre dodici trentaquattro cinquantasei", "il mio numero è [phone]")]
    [InlineData("tre quattro sette ventuno trentotto quarantatré novanta due", "[phone]")]
    [InlineData("zero ottocento centoventitré centotto cento quaranta", "[phone]")]
    [InlineData("trecentotrentatré doppio zero diciassette diciannove", "[phone]")]
    // Dutch
    [InlineData("mijn nummer is nul zes twaalf vierendertig zesenvijftig achtenzeventig", "mijn nummer is [phone]")]
    [InlineData("nul zes tweeëntwintig drieendertig vier en veertig negentig, alstublieft", "[phone], alstublieft")]
    [InlineData("nul achthonderd honderdtwaalf tweehonderd vijftien dubbel nul", "[phone]")]
    public void Text_NumberInWords_IsMasked(string text, string masked) => Assert.Equal(masked, None.Any.Text(text));

    [Theory]
    [InlineData("+33612345678", "zéro six douze trente-quatre cinquante-six soixante-dix-huit")]
    [InlineData("+33612345678", "six douze trente quatre cinquante six soixante dix huit")]
    [InlineData("+33425809971", "zéro quatre vingt-cinq quatre-vingt quatre-vingt-dix-neuf soixante et onze")]
    [InlineData("+34612342178", "seis doce treinta y cuatro veintiuno setenta y ocho")]
    [InlineData("+34612205101", "seiscientos doce doscientos cinco ciento uno")]
    [InlineData("+393331238108", "tre tre tre dodici trentotto centotto")]
    [InlineData("+31612342256", "nul zes twaalf vierendertig tweeëntwintig zesenvijftig")]
    [InlineData("+447700900123", "oh seven seven hundred nine hundred one two three")]
    [InlineData("+4917612345655", "null hundertsechsundsiebzig zwölf vierunddreißig sechsundfünfzig fünfundfünfzig")]
    public void Text_CallersNumberInWords_IsKnownByItsDigits(string caller, string said)
    {
        // What says that a thing follows, a number that is not the caller's stays behind.
        Assert.Equal("order number [phone]", None.Of(caller, null).Text("order number " + said));
        Assert.Equal("order number " + said, None.Any.Text("order number " + said));
    }

    [Theory]
    // English
    [InlineData("a table for two at seven thirty or eight forty-five on the twenty-eighth of november twenty twenty-six")]
    [InlineData("two hundred, three hundred, four hundred or five hundred dollars")]
    [InlineData("It was nineteen ninety-nine, two thousand and one, and twenty twenty-six")]
    [InlineData("rooms two hundred and twelve, three hundred and fourteen")]
    [InlineData("five cent, ten cent, twenty cent, thirty cent, fifty cent")]
    [InlineData("ten, twenty, thirty, forty, fifty")]
    [InlineData("ninety-nine ninety-nine thirty-nine ninety-five dollars")]
    // German
    [InlineData("am achtundzwanzigsten elften zweitausendsechsundzwanzig um neunzehn Uhr dreißig")]
    [InlineData("hundert, zweihundert, dreihundert Euro")]
    [InlineData("zehn, elf, zwölf, dreizehn, vierzehn Uhr")]
    [InlineData("neunundneunzig, hundertneunundzwanzig, hundertneunundvierzig")]
    [InlineData("neunzehnhundertneunundneunzig, neunzehnhundertvierundachtzig")]
    [InlineData("Zimmer hundertzwölf, hundertvierzehn und hundertsechzehn")]
    // French
    [InlineData("une table pour deux à vingt heures trente, ou à vingt et une heures")]
    [InlineData("vingt, trente, quarante, cinquante euros")]
    [InlineData("deux cents, trois cents, quatre cents euros")]
    [InlineData("dix, onze, douze, treize heures")]
    [InlineData("en mille neuf cent quatre-vingt-dix-neuf ou en deux mille vingt-six")]
    [InlineData("le vingt-huit onze deux mille vingt-six, chambre deux cent douze")]
    [InlineData("dix-neuf quatre-vingt-dix-neuf, vingt-quatre quatre-vingt-dix-neuf euros")]
    // Spanish
    [InlineData("a las ocho treinta, a las nueve cuarenta y cinco o a las diez")]
    [InlineData("doscientos, trescientos, cuatrocientos euros")]
    [InlineData("mil novecientos noventa y nueve, dos mil veintiséis")]
    [InlineData("veintiuno, veintidós, veintitrés, veinticuatro")]
    [InlineData("habitación doscientos doce, mesa quince")]
    // Italian
    [InlineData("alle venti e trenta, alle ventuno e quindici")]
    [InlineData("centoventi, centotrenta, centoquaranta euro")]
    [InlineData("millenovecentonovantanove, duemilaventisei")]
    [InlineData("camera duecentododici, tavolo quindici")]
    // Dutch
    [InlineData("om half acht, acht uur dertig of negen uur vijfenveertig")]
    [InlineData("tweehonderd, driehonderd, vierhonderd euro")]
    [InlineData("negentienhonderdnegenennegentig, tweeduizendzesentwintig")]
    [InlineData("tien, elf, twaalf, dertien")]
    [InlineData("kamer tweehonderdtwaalf, tafel vijftien")]
    // Of an order and the like
    [InlineData("le numéro de commande est le quarante-deux douze trente-quatre cinquante-six, numéro de suivi neuf un deux trois quatre cinq six")]
    [InlineData("numéro de réservation deux cent douze trois cent quinze huit, c'est le code un deux trois quatre cinq six sept")]
    [InlineData("mi número de pedido es el seis doce treinta y cuatro cincuenta y seis, el código uno dos tres cuatro cinco seis siete")]
    [InlineData("número de cliente: nueve doce treinta y cuatro cincuenta y seis, factura número doscientos doce trescientos quince ocho")]
    [InlineData("il mio numero d'ordine è tre tre tre dodici trentaquattro, il codice è uno due tre quattro cinque sei sette")]
    [InlineData("la prenotazione numero nove otto sette ventuno trentadue, numero di cliente quattro cinque sei sette otto nove zero")]
    [InlineData("mijn bestelnummer is twaalf vierendertig zesenvijftig achtenzeventig, klantnummer een twee drie vier vijf zes zeven")]
    [InlineData("het nummer van mijn bestelling is zes vijf vier drie twee een nul")]
    // Chinese
    [InlineData("二零二六年十一月二十八日，晚上七点半，三百二十元")]
    public void Text_WordsOfAThing_Stay(string text) => Assert.Equal(text, None.Any.Text(text));
}
