using VteWats.Core.Assistant.Schema;

namespace VteWats.Unit.Assistant;

public sealed class NameHintTests
{
    [Theory]
    [InlineData("Password", true)]
    [InlineData("UserPwd", true)]
    [InlineData("Kennwort", true)]
    [InlineData("pass_word_hash", true)]
    [InlineData("Pass", true)]
    [InlineData("Passed", false)]
    [InlineData("PassFail", false)]
    [InlineData("Compass", false)]
    public void What_may_be_a_secret_is_not_looked_into_and_a_verdict_is_none(string column, bool secret) =>
        Assert.Equal(secret, NameHints.IsSecret(column));

    [Theory]
    [InlineData("IndexData", "Result", "PassFail")]
    [InlineData("IndexData", "Timestamp", "started_at")]
    [InlineData("TestDataNumeric", "LowLimit", "UntereGrenze")]
    [InlineData("TestDataNumeric", "TestResult", "MeasuredValue")]
    [InlineData("UutData", "Serial", "SERIAL_NO")]
    public void Words_that_plants_use_for_a_thing_are_known(string table, string column, string physical) =>
        Assert.InRange(NameHints.OfColumn(table, column, physical), 0.55, 1);
}
