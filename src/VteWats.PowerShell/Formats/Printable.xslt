<?xml version="1.0" encoding="utf-8"?>
<!--
  Stations and servers write what they like, and a console obeys some of it: colours, window titles, the cursor. So every value of every
  view goes through one script on its way: what a terminal would obey in a text is shown as \u001B, as PrintableText does it in logs and
  errors. The objects keep their text. It is a script of operators alone, because views must also work in Constrained Language Mode, where
  no method of ours may be called.

  The build applies this to the *.Format.ps1xml beside it; views are written without a thought to it. A list of texts, such as
  $_.Message -split '\r?\n', is shown with a line for each.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="utf-8" />

  <xsl:variable name="before">$shown = foreach ($one in $(</xsl:variable>
  <xsl:variable name="after">)) { if ($one -is [string]) { $one -replace '[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]', { '\u{0:X4}' -f [int] [char] $_.Value } } else { $one } }; if ($shown -is [array]) { $shown -join "`n" } else { $shown }</xsl:variable>

  <xsl:template match="@*|node()">
    <xsl:copy><xsl:apply-templates select="@*|node()" /></xsl:copy>
  </xsl:template>

  <xsl:template match="TableColumnItem/PropertyName|ListItem/PropertyName">
    <!-- A list labels a property by its name, and a script by its text. -->
    <xsl:if test="parent::ListItem and not(../Label)"><Label><xsl:value-of select="." /></Label></xsl:if>
    <ScriptBlock><xsl:value-of select="concat($before, '$_.', ., $after)" /></ScriptBlock>
  </xsl:template>

  <xsl:template match="TableColumnItem/ScriptBlock|ListItem/ScriptBlock">
    <ScriptBlock><xsl:value-of select="concat($before, ., $after)" /></ScriptBlock>
  </xsl:template>
</xsl:stylesheet>
